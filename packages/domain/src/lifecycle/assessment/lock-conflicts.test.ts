import { expect, test } from "vitest";
import { conflict, keptOutBy } from "./lock-conflicts.ts";

const MODES = [
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
];

test("conflicts hold both ways", () => {
  for (const one of MODES) for (const other of MODES) expect(conflict(one, other)).toBe(conflict(other, one));
});

test("each mode keeps out as many as Postgres says", () => {
  expect(MODES.map((mode) => MODES.filter((other) => conflict(mode, other)).length)).toEqual([1, 2, 4, 5, 5, 6, 7, 8]);
});

test("a lock that is not known is taken for the strongest", () => {
  expect(keptOutBy("SomeFutureLock")).toBe("everybody");
});

test("readers are kept out by one mode only, writers by four", () => {
  expect(MODES.map(keptOutBy)).toEqual([
    "nobody",
    "nobody",
    "nobody",
    "nobody",
    "writers",
    "writers",
    "writers",
    "everybody",
  ]);
});
