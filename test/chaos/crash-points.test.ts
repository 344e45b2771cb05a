import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { embeddedGround, type Ground } from "./testing/ground.ts";
import { type OneFile, oneFile } from "./testing/one-file.ts";
import { crashPoints } from "./testing/points.ts";
import { trial } from "./testing/trial.ts";

let ground: Ground;
let server: OneFile;
beforeAll(async () => {
  ground = await embeddedGround();
  server = await oneFile();
});
afterAll(async () => {
  server?.remove();
  await ground?.close();
});

/** Where a mistake would cost most: between the target and what we remember of it. The rest is for the long run of crash.ts. */
const CHOSEN = [
  "door.change.deploy:after#1",
  "target.commit:after#3",
  "command.run:after#1",
  "target.create:after#2",
  "door.deployment.finish.result:after#1",
  "target.commit:before#5",
];

/** A machine with other work takes long over so many starts; how long says nothing. */
const TIMEOUT_MS = 900_000;

test(
  "a deployment and its rollback end as they must, though the server dies once in each of its lives",
  async () => {
    const points = await crashPoints(ground, join(tmpdir(), `change-mgmt-points-${process.pid}`), { server });
    expect(points).toEqual(expect.arrayContaining(CHOSEN));
    for (const kind of ["journal.", "outbox.", "job.", "target.", "command.", "store.", "door.", "audit.", "lease."])
      expect([kind, points.some((point) => point.startsWith(kind))]).toEqual([kind, true]);
    expect(await trial(ground, CHOSEN.slice(0, 3), { server })).toEqual({ died: CHOSEN.slice(0, 3), wrong: [] });
    expect(await trial(ground, CHOSEN.slice(3), { server })).toEqual({ died: CHOSEN.slice(3), wrong: [] });
  },
  TIMEOUT_MS,
);
