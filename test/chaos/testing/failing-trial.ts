import { isDeepStrictEqual } from "node:util";
import { type CallOutput, ProblemError } from "@change-mgmt/api/client.ts";
import { type RunningServer, startServer } from "@change-mgmt/server/main.ts";
import { ENVIRONMENTS, variable } from "../../acceptance/testing/workspace.ts";
import {
  carriedOut,
  type Direction,
  holdLedger,
  holdSuccess,
  type Must,
  onTarget,
  request,
  toldOf,
  untiring,
} from "./course.ts";
import { callOf, type Fault, type FaultyWire, startFaultyWire } from "./faulty-wire.ts";
import type { Ground, Plot } from "./ground.ts";

/** A call by its name and its turn among those of its name, such as `store.update.deployments#3`, and what it meets. */
export interface Failure {
  readonly call: string;
  readonly fault: Fault;
}

export interface FailingResult {
  /** Every call of the run, in order. */
  readonly calls: readonly string[];
  /** Whether the call came and failed. */
  readonly met: boolean;
  /** Who was told of the failure, and how; empty when nobody was. */
  readonly told: readonly string[];
  /** Whether the deployment or its rollback ended as failed and was asked for again. */
  readonly again: number;
  /** What was wrong in the end; empty when everything was as it must be. */
  readonly wrong: readonly string[];
}

type Deployment = CallOutput<"deployments.get">;

/** How often a run may end as failed when one call has failed. */
const MOST_FAILED = 1;

/**
 * Deploys the approved change and rolls it back while one call to the store or to the target fails. Each must end done, or as a failure that
 * says why and how it left the target; and then the same asked for again must succeed, with nothing done twice and everything in the trail.
 */
export async function failingTrial(ground: Ground, failure?: Failure): Promise<FailingResult> {
  const plot = await ground.copy();
  const calls: string[] = [];
  const told: string[] = [];
  const wrong: string[] = [];
  let met = false;
  let again = 0;
  const must: Must = (what, is, be) => {
    if (!isDeepStrictEqual(is, be)) wrong.push(`${what}: is ${JSON.stringify(is)}, must be ${JSON.stringify(be)}`);
  };
  const turns = new Map<string, number>();
  const meet = (to: string) => (statement: string) => {
    const name = `${to}.${callOf(statement)}`;
    const turn = (turns.get(name) ?? 0) + 1;
    turns.set(name, turn);
    calls.push(`${name}#${turn}`);
    if (met || failure?.call !== `${name}#${turn}`) return undefined;
    met = true;
    return failure.fault;
  };
  const store = await startFaultyWire({ url: plot.store!, meet: meet("store") });
  const target = await startFaultyWire({ url: plot.env[variable("development")]!, meet: meet("target") });
  const wires = [store, target];
  let server: RunningServer | undefined;
  try {
    server = await start(plot, { store, target, told, must });
    const { address } = server;
    const client = (handle: string) =>
      untiring(address, ground.tokens[handle]!, ({ problem }) => told.push(`answer ${problem.status} ${problem.code}`));
    const olga = client("olga");
    const ends: Record<Direction, number> = { deploy: 0, rollback: 0 };
    for (const direction of ["deploy", "rollback"] as const) {
      for (let tries = 1; ; tries++) {
        const begun = await request(olga, ground.change, direction, `trial-${direction}-${tries}`);
        const ended = await carriedOut(olga, ground.change, begun.id);
        holdOutside(ground, ended, must);
        told.push(...ended.steps.flatMap(({ output }) => output).filter((line) => / Trying again\.$/.test(line)));
        if (ended.state === "succeeded") {
          await holdSuccess(plot, direction, ended, must);
          break;
        }
        told.push(`${direction} ${ended.state}: ${ended.refusal?.code}`);
        await holdFailure(plot, direction, ended, must);
        ends[direction] += 1;
        again += 1;
        if (again > MOST_FAILED)
          throw new Error(`${direction} ended as ${ended.state} again: ${JSON.stringify(ended)}`);
      }
    }
    await holdLedger(plot, must);
    must("dead letters", (await client("admin")("jobs.dead")).items, []);
    const events = await toldOf(ground, plot, client("audrey"), must);
    const count = (event: string) => events.filter((one) => one === event).length;
    for (const [direction, word] of [
      ["deploy", "deployment"],
      ["rollback", "rollback"],
    ] as const) {
      must(`entries of ${word}.requested`, count(`${word}.requested`), 1 + ends[direction]);
      must(`entries of ${word}.failed`, count(`${word}.failed`), ends[direction]);
      must(`entries of ${word}.succeeded`, count(`${word}.succeeded`), 1);
    }
  } catch (error) {
    const problem = error instanceof ProblemError ? ` ${JSON.stringify(error.problem)}` : "";
    wrong.push(`${(error as Error).stack}${problem}`);
  }
  await close(server, wires, told, must);
  if (wrong.length > 0) wrong.push(...told.map((line) => `told: ${line}`));
  for (const wire of wires) await wire.stop();
  await plot.remove();
  return { calls, met, told, again, wrong };
}

/** Starts a server behind the wires; one that could not start says so, and starts when it is asked again. */
async function start(
  plot: Plot,
  { store, target, told, must }: { store: FaultyWire; target: FaultyWire; told: string[]; must: Must },
): Promise<RunningServer> {
  const addresses = Object.fromEntries(ENVIRONMENTS.map((name) => [variable(name), target.url]));
  for (let tries = 1; ; tries++) {
    try {
      const started = await startServer({
        dataDir: plot.dataDir,
        databaseUrl: store.url,
        env: { ...plot.env, ...addresses },
        say: (line) => void told.push(line),
        host: "127.0.0.1",
        port: 0,
        demo: false,
      });
      if (started.ok) return started.value;
      told.push(`not started: ${started.refusal.code}: ${started.refusal.message}`);
    } catch (error) {
      told.push(`not started: ${(error as Error).stack}`);
    }
    must("connections of a server that did not start", await noneOf(store), 0);
    if (tries > 1) throw new Error("the server did not start again");
  }
}

/** Closes the server; whether it can say goodbye in order or not, nothing of it may be left. */
async function close(
  server: RunningServer | undefined,
  wires: readonly FaultyWire[],
  told: string[],
  must: Must,
): Promise<void> {
  try {
    await server?.close();
  } catch (error) {
    told.push(`closing: ${(error as Error).message}`);
  }
  for (const wire of wires) must("connections of a server that was closed", await noneOf(wire), 0);
}

/** How many connections are left on a wire once those that are being closed are. */
async function noneOf(wire: FaultyWire): Promise<number> {
  for (let looks = 0; looks < 100 && wire.connections() > 0; looks++) await new Promise((done) => setTimeout(done, 50));
  return wire.connections();
}

/** However often the outside system was called in the name of a deployment, it was with one key. */
function holdOutside(ground: Ground, { id, steps }: Deployment, must: Must): void {
  const { keys, work } = ground.outside(id);
  const done = steps.some(({ id: step, state }) => /^outside:(run|rollback)$/.test(step) && state === "done");
  if (done || keys.length > 0) must("keys and work of the outside system", [keys.length, work.length], [1, 1]);
}

/** A failure says why, what to do and how the target was left; and the target was left so. */
async function holdFailure(plot: Plot, direction: Direction, ended: Deployment, must: Must): Promise<void> {
  const { refusal, targetState, steps } = ended;
  must("the failure", [ended.state, Boolean(refusal?.code && refusal.message && refusal.hint)], ["failed", true]);
  must("the failure says how it left the target", /\S.*\.$/s.test(targetState ?? ""), true);
  const undone = (stands: boolean) => (direction === "deploy" ? stands : !stands);
  const there = await onTarget(plot);
  const doubtful = /not known|may (be|have)/i.test(targetState ?? "");
  const isDone = (step: string) => steps.some(({ id, state }) => id === step && state === "done");
  const [column, index] =
    direction === "deploy" ? ["column:apply", "index:statement-1"] : ["column:rollback", "index:undo-statement-1"];
  if (doubtful) return;
  must(`the column after a failure that says "${targetState}"`, there.columns === 1, undone(isDone(column)));
  must(`the index after a failure that says "${targetState}"`, there.indexes === 1, undone(isDone(index)));
  must(`an index left half-built by a failure that says "${targetState}"`, there.broken, 0);
}
