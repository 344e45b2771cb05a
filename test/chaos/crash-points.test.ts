import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { embeddedGround, type Ground } from "./testing/ground.ts";
import { crashPoints } from "./testing/points.ts";
import { trial } from "./testing/trial.ts";

let ground: Ground;
beforeAll(async () => {
  ground = await embeddedGround();
});
afterAll(() => ground?.close());

/** Where a mistake would cost most: between the target and what we remember of it. The rest is for the long run of crash.ts. */
const CHOSEN = [
  "door.change.deploy:after#1",
  "target.commit:after#3",
  "target.create:after#2",
  "door.deployment.finish.result:after#1",
  "target.commit:before#5",
];

test("a deployment and its rollback end as they must, though the server dies once in each of its lives", async () => {
  const points = await crashPoints(ground, join(tmpdir(), `change-mgmt-points-${process.pid}`));
  expect(points).toEqual(expect.arrayContaining(CHOSEN));
  for (const kind of ["journal.", "outbox.", "job.", "target.", "door.", "audit.", "lease."])
    expect([kind, points.some((point) => point.startsWith(kind))]).toEqual([kind, true]);
  expect(await trial(ground, CHOSEN.slice(0, 2))).toEqual({ died: CHOSEN.slice(0, 2), wrong: [] });
  expect(await trial(ground, CHOSEN.slice(2))).toEqual({ died: CHOSEN.slice(2), wrong: [] });
});
