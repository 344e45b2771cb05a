import { afterAll, beforeAll, expect, test } from "vitest";
import { CASES } from "./hostile/cases.ts";
import { HostileGround } from "./hostile/trial.ts";

let ground: HostileGround;
beforeAll(async () => {
  ground = await HostileGround.make();
});
afterAll(() => ground?.close());

/** Where a mistake would cost most: what is on the target is hard to know, or goes on without us. The rest is for the long run of hostile-target.ts. */
const CHOSEN = [
  "killed-after-commit",
  "dropped-in-mid-statement",
  "refuses-to-be-cancelled",
  "index-is-cancelled",
  "password-changed-between-steps",
  "drift-while-waiting",
  "event-trigger-that-meddles",
];

test.each(CHOSEN)(
  "%s: the deployment ends as it must and says what is so, and the next one goes through",
  async (name) => {
    const hostile = CASES.find((one) => one.name === name)!;
    expect((await ground.try(hostile)).wrong).toEqual([]);
  },
);
