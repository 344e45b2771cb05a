import { Agent, request as open } from "node:http";
import fc from "fast-check";
import { storedState } from "../../acceptance/testing/state.ts";
import type { FuzzGround } from "./ground.ts";
import { type Operation, readInterface } from "./operations.ts";
import { type Answer, brokenPromises } from "./promises.ts";
import { type FuzzRequest, requestsTo } from "./requests.ts";
import type { Scene } from "./scenes.ts";

export interface FuzzOptions {
  readonly seed: number;
  readonly requests: number;
  /** Only operations whose id contains it. */
  readonly only?: string;
  /** Of so many requests one is held against what is stored before and after it. */
  readonly lookEvery?: number;
  readonly say?: (line: string) => void;
}

export interface FuzzResult {
  readonly operations: number;
  /** How many were sent, and how many of them had something wrong with them. */
  readonly sent: number;
  readonly invalid: number;
  /** Refused requests around which all that is stored was compared. */
  readonly compared: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** Operations that never succeeded. */
  readonly neverFine: readonly string[];
  readonly failures: readonly string[];
}

const NO_END = 65_536;
/** Of so many requests one leads a change on through its life. */
const SCENE_EVERY = 6;

/** Where guesses are counted, and people are told when there were too many. */
const GUESSED = /^(session\.begin|password\.set|factor\.|links\.exchange)/;
const COUNTS = new Set(["failed_attempts", "outbox"]);

/** Sends requests made from the document of the server, one after the other and the same for the same seed, and holds every answer against the promises. */
export async function fuzz(ground: FuzzGround, options: FuzzOptions): Promise<FuzzResult> {
  const { seed, requests, only = "", lookEvery = 40, say = () => {} } = options;
  const document = await readInterface(ground.address);
  const operations = document.operations.filter(({ id }) => id.includes(only));
  const arbitraries = operations.map((operation) => requestsTo(operation, document, ground.known));
  const whom = fc.tuple(fc.constantFrom(...ground.senders, ...ground.senders, null), fc.nat({ max: 99 }));
  /** By operation, who was let in: most requests come from somebody of those, or they would all end at the same door. */
  const letIn = new Map<string, Set<string>>();
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const statuses: Record<string, number> = {};
  const fine = new Set<string>();
  const failures: string[] = [];
  let invalid = 0;
  let compared = 0;
  for (let at = 0; at < requests; at += 1) {
    const arbitrary = fc.tuple(arbitraries[at % arbitraries.length]!, whom);
    const [[drawnRequest, [drawn, chance]]] = fc.sample(arbitrary, { numRuns: 1, seed: seed * 1_000_003 + at }) as [
      [FuzzRequest, [string | null, number]],
    ];
    const scene = only === "" && at % SCENE_EVERY === 0 ? await ground.scenes.next() : undefined;
    const request = scene ? asRequest(scene, document.operations) : filled(drawnRequest, ground);
    const id = scene?.id ?? operations[at % operations.length]!.id;
    const permitted = [...(letIn.get(id) ?? [])];
    const sender =
      scene?.sender ?? (permitted.length > 0 && chance < 80 ? permitted[chance % permitted.length]! : drawn);
    const look = at % lookEvery === lookEvery - 1;
    const token = sender === null ? undefined : await ground.tokenOf(sender);
    const before = look ? await storedState(ground.databaseUrl) : undefined;
    const known = ground.bugs.length;
    const answer = await send(ground.address, request, token, at, agent);
    const wrong = brokenPromises(request, answer, "authorization" in request.headers ? null : sender, document, ground);
    if (before && answer.status >= 400) {
      const after = await storedState(ground.databaseUrl);
      const changed = Object.keys(after).filter(
        (table) => after[table] !== before[table] && !(GUESSED.test(id) && COUNTS.has(table)),
      );
      if (changed.length > 0) wrong.push(`was refused and changed ${changed.join(", ")}`);
      compared += 1;
    }
    wrong.push(...ground.bugs.slice(known).map((bug) => `reported ${bug.slice(0, 900)}`));
    if (request.wrong.length > 0) invalid += 1;
    if (sender !== null && request.operation && answer.status !== 401 && answer.status !== 403)
      letIn.set(id, (letIn.get(id) ?? new Set()).add(sender));
    if (answer.status < 300 && request.operation) fine.add(request.operation.id);
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    if (wrong.length > 0) {
      const line = `#${at} ${sender} ${request.method} ${request.path.slice(0, 300)} ${JSON.stringify(request.headers).slice(0, 300)} ${String(request.body ?? "").slice(0, 400)}\n  answered ${answer.status} ${answer.text.slice(0, 300)}\n${wrong.map((one) => `  WRONG: ${one}`).join("\n")}`;
      failures.push(line);
      say(line);
    }
  }
  agent.destroy();
  return {
    operations: operations.length,
    sent: requests,
    invalid,
    compared,
    statuses,
    failures,
    neverFine: operations.map(({ id }) => id).filter((id) => !fine.has(id)),
  };
}

function filled(request: FuzzRequest, { scenes }: FuzzGround): FuzzRequest {
  const body = typeof request.body === "string" ? scenes.filled(request.body) : request.body;
  return { ...request, path: scenes.filled(request.path), body };
}

function asRequest({ id, params, body }: Scene, operations: readonly Operation[]): FuzzRequest {
  const operation = operations.find((one) => one.id === id)!;
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name]!));
  return {
    operation,
    method: operation.method,
    path,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    wrong: [],
  };
}

/** One request as it is, without what clients put right; each from an address of its own, so that none is held up by the others. */
async function send(
  address: string,
  request: FuzzRequest,
  token: string | undefined,
  at: number,
  agent: Agent,
): Promise<Answer> {
  const { hostname, port } = new URL(address);
  const headers = {
    "x-forwarded-for": `10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}`,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...request.headers,
    ...(request.body === undefined ? {} : { "content-length": String(Buffer.byteLength(request.body)) }),
  };
  return await new Promise((resolve, reject) => {
    const outgoing = open(
      { hostname, port, agent, method: request.method, path: request.path, headers },
      (incoming) => {
        const pieces: Buffer[] = [];
        const answer = () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text: Buffer.concat(pieces).toString("utf8"),
          });
        incoming.on("data", (piece: Buffer) => {
          pieces.push(piece);
          if (incoming.headers["content-type"]?.startsWith("text/event-stream") || pieces.length > NO_END) {
            answer();
            outgoing.destroy();
          }
        });
        incoming.on("end", answer);
        incoming.on("error", reject);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(request.body);
  });
}
