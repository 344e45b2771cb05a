import { expect, test } from "vitest";
import { aTargetLook, aTargetRelation } from "../../testing/a-target.ts";
import { ratesOf } from "./target-look.ts";

const relation = aTargetRelation({ written: 600, read: 60 });

test("with one look, rates are since the server began to count", () => {
  const look = aTargetLook({ at: "2026-01-10T00:10:00.000Z", countedSince: "2026-01-10T00:00:00.000Z" });
  expect(ratesOf(relation, look, null)).toEqual({ writes: 1, reads: 0.1 });
});

test("nobody knows a rate where the server does not say since when it counts, or does not count", () => {
  expect(ratesOf(relation, aTargetLook(), null)).toEqual({ writes: null, reads: null });
  const look = aTargetLook({ countedSince: "2025-12-01T00:00:00.000Z" });
  expect(ratesOf({ ...relation, written: null }, look, null)).toMatchObject({ writes: null });
});

test("between two looks, what came in between counts, and counters that were set to zero say nothing", () => {
  const earlier = aTargetLook({
    at: "2026-01-09T23:59:50.000Z",
    relations: [{ ...relation, written: 500, read: 100 }],
    countedSince: "2020-01-01T00:00:00.000Z",
  });
  expect(ratesOf(relation, aTargetLook(), earlier)).toEqual({ writes: 10, reads: null });
  expect(ratesOf({ ...relation, name: "public.other" }, aTargetLook(), earlier)).toEqual({ writes: null, reads: null });
});

test("counters that the earlier look did not have say nothing", () => {
  const earlier = aTargetLook({
    at: "2026-01-09T23:59:50.000Z",
    relations: [{ ...relation, written: null, read: null }],
  });
  expect(ratesOf(relation, aTargetLook(), earlier)).toEqual({ writes: null, reads: null });
});

test("two looks at the same moment give no rate", () => {
  const look = aTargetLook({ relations: [relation] });
  expect(ratesOf(relation, look, look)).toEqual({ writes: null, reads: null });
});
