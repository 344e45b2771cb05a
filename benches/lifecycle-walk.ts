import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type CallOutput, type Client, createClient } from "@change-mgmt/api/client.ts";
import { secretHash } from "@change-mgmt/server/identity/secrets.ts";
import type pg from "pg";

const PEOPLE = ["rosa", "dev", "lena", "olga"] as const;
/** A token may make 600 requests a minute; a walk takes about eight of each person. */
const WALKS_A_TOKEN_A_MINUTE = 30;
const ENVIRONMENT = "production";

type People = Readonly<Record<(typeof PEOPLE)[number], Client>>;
type ChangeView = CallOutput<"changes.get">;

/** Tokens of the people of a walk, so many of each, written past the door: a workspace has as many from use over time. */
export async function makeTokens(client: pg.Client, count: number): Promise<Record<string, string>[]> {
  const sets: Record<string, string>[] = [];
  for (let n = 0; n < count; n++) {
    const set: Record<string, string> = {};
    for (const handle of PEOPLE) {
      const secret = `cm_token_${randomBytes(32).toString("base64url")}`;
      set[handle] = secret;
      await client.query(
        "INSERT INTO change_mgmt.api_tokens (id, handle, name, secret_hash, last_used_at) VALUES (gen_random_uuid(), $1, 'bench', $2, now() + interval '1 day')",
        [handle, secretHash(secret)],
      );
    }
    sets.push(set);
  }
  return sets;
}

/** Hands out people, each set of tokens no more often than its limit allows; waits when all are used up. */
export class Tokens {
  readonly #sets: { readonly tokens: Record<string, string>; uses: number[] }[];

  constructor(sets: readonly Record<string, string>[]) {
    this.#sets = sets.map((tokens) => ({ tokens, uses: [] }));
  }

  next(address: string): People {
    const now = performance.now();
    const set = this.#sets.shift()!;
    this.#sets.push(set);
    set.uses = [...set.uses.filter((at) => at > now - 60_000), now];
    if (set.uses.length > WALKS_A_TOKEN_A_MINUTE) throw new Error("too few tokens for so many walks: make more");
    return Object.fromEntries(
      PEOPLE.map((handle) => [
        handle,
        createClient({ baseUrl: address, newKey: randomUUID, token: set.tokens[handle]! }),
      ]),
    ) as unknown as People;
  }
}

/** How long to wait before looking again for what the background does. */
export interface Patience {
  readonly lookMs: number;
  /** The same for a deployment, which has its environment to itself. */
  readonly deploymentLookMs: number;
}

/**
 * One change from its request to its end, by the requests its people make: created, submitted, assessed, each step completed with evidence,
 * approved, deployed (a manual step that is signed off; nothing is done on a target), and closed. Answers how many acts it took, which is the same for each; `acted` hears of each.
 */
export async function walk(
  { rosa, dev, lena, olga }: People,
  { lookMs, deploymentLookMs }: Patience,
  acted: () => void = () => {},
): Promise<number> {
  let acts = 0;
  const act = async <T>(call: Promise<T>): Promise<T> => {
    const answer = await call;
    acts += 1;
    acted();
    return answer;
  };
  const made = await act(rosa("changes.create", { body: WISH }));
  const params = { id: made.number };
  const look = () => dev("changes.get", { params });
  await act(rosa("changes.submit", { params, body: {} }));
  let change: ChangeView = await act(
    dev("changes.assess", { params, body: { impact: "One column more; nobody reads differently." } }),
  );
  const completeUntil = async (status: ChangeView["status"]) => {
    for (;;) {
      const open = change.steps.find((step) => step.stage === change.stage && !step.automatic && !step.completed);
      if (open) {
        const value = open.evidenceNeeded[0] === "link" ? "https://git.example/shop/pull/41" : `${open.id} is done`;
        const kind = open.evidenceNeeded[0] === "link" ? "link" : "note";
        change = await act(
          dev("changes.completeStep", {
            params: { ...params, stepId: open.id },
            body: { evidence: [{ kind, value }] },
          }),
        );
      } else if (change.status === status) return;
      else {
        await pause(lookMs);
        change = await look();
      }
    }
  };
  await completeUntil("awaiting_approval");
  change = await act(lena("changes.vote", { params, body: { decision: "approve", contentHash: change.contentHash } }));
  await completeUntil("approved");
  await inTurn(async () => {
    const deployment = await act(olga("changes.deploy", { params, body: { environment: ENVIRONMENT } }));
    for (let signed = false; ; ) {
      await pause(deploymentLookMs);
      const { state, steps } = await olga("deployments.get", { params: { id: deployment.id } });
      if (state === "succeeded") return;
      if (state === "failed" || state === "cancelled") throw new Error(`the deployment of ${params.id} is ${state}`);
      const waiting = steps.find((step) => step.state === "waiting");
      if (!waiting || signed) continue;
      await act(olga("changes.signOff", { params, body: { step: waiting.id, note: "Looked." } }));
      signed = true;
    }
  });
  change = await look();
  await completeUntil("monitoring");
  await act(lena("changes.close", { params, body: {} }));
  return acts;
}

let turn: Promise<unknown> = Promise.resolve();

/** An environment takes one deployment at a time: whoever has one waits for their turn. */
function inTurn(deploy: () => Promise<void>): Promise<void> {
  const own = turn.then(deploy);
  turn = own.catch(() => undefined);
  return own;
}

const WISH = {
  fields: {
    type: "add-field",
    title: "Add a field",
    description: "Customers want to be greeted by the name they like.",
    components: ["data-layer"],
    tables: ["users"],
  },
  artifacts: [
    { kind: "manual" as const, id: "look", name: "Look", steps: [{ id: "look", title: "Look", undo: "Look away" }] },
  ],
};
