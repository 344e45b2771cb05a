import { afterAll, beforeAll, expect, test } from "vitest";
import { type Failure, failingTrial } from "./testing/failing-trial.ts";
import { type Ground, postgresGround } from "./testing/ground.ts";

let ground: Ground;
beforeAll(async () => {
  ground = await postgresGround();
});
afterAll(() => ground?.close());

/** Where a call that fails would cost most: at the start, between store and target, and where something has worked that nobody heard of. */
const CHOSEN: readonly Failure[] = [
  { call: "store.begin.create_queue#1", fault: "53100" },
  { call: "store.insert.idempotency_keys#1", fault: "40001" },
  { call: "store.update.deployments#1", fault: "lost-after" },
  { call: "store.insert.deployment_output#2", fault: "53100" },
  { call: "target.commit#3", fault: "lost-after" },
  { call: "target.alter#1", fault: "57014" },
  { call: "target.update#1", fault: "53100" },
  { call: "target.create#5", fault: "lost-before" },
];
/** A machine with other work takes long over it; how long says nothing. */
const TIMEOUT_MS = 900_000;

test(
  "a deployment and its rollback end done or with a clear word, whatever call fails, and are repeated cleanly",
  async () => {
    const results = await Promise.all(CHOSEN.map((failure) => failingTrial(ground, failure)));
    for (const [n, { met, told, wrong }] of results.entries())
      expect({ ...CHOSEN[n], met, wrong: wrong.join("\n"), isTold: told.length > 0 }).toEqual({
        ...CHOSEN[n],
        met: true,
        wrong: "",
        // What passes when it is tried again needs no word.
        isTold: CHOSEN[n]!.fault !== "40001",
      });
  },
  TIMEOUT_MS,
);
