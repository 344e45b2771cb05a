import { afterAll, beforeAll, expect, test } from "vitest";
import { type FuzzGround, fuzzGround } from "./fuzzing/ground.ts";
import { fuzz } from "./fuzzing/run.ts";

let ground: FuzzGround;
beforeAll(async () => {
  ground = await fuzzGround();
});
afterAll(() => ground?.close());

test("whatever is sent to any operation is answered as its description says, and nothing comes out that must not", async () => {
  const { operations, failures, compared, invalid, statuses } = await fuzz(ground, { seed: 1, requests: 800 });
  expect(failures).toEqual([]);
  expect(operations).toBeGreaterThan(75);
  expect(invalid).toBeGreaterThan(150);
  expect(compared).toBeGreaterThan(10);
  for (const status of [200, 201, 400, 401, 403, 404, 405, 409, 415, 422])
    expect([status, statuses[status] ?? 0]).not.toEqual([status, 0]);
});
