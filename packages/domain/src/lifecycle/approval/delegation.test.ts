import { expect, test } from "vitest";
import { type DelegationQuestion, decideDelegation } from "./delegation.ts";

const question: DelegationQuestion = {
  person: "lena",
  delegate: "ben",
  until: "2026-02-10T00:00:00Z",
  named: [],
  people: ["lena", "ben", "carla"],
  now: "2026-02-01T12:00:00Z",
};

test("it begins now, or when it is said, and never in the past", () => {
  const until = "2026-02-10T00:00:00.000Z";
  expect(decideDelegation(question)).toEqual({ ok: true, value: { from: "2026-02-01T12:00:00.000Z", until } });
  expect(decideDelegation({ ...question, from: "2026-02-05T02:00:00+02:00" })).toEqual({
    ok: true,
    value: { from: "2026-02-05T00:00:00.000Z", until },
  });
  expect(decideDelegation({ ...question, from: "2026-01-01T00:00:00Z" })).toMatchObject({
    value: { from: "2026-02-01T12:00:00.000Z" },
  });
});

test.each<[string, string, Partial<DelegationQuestion>]>([
  ["DELEGATION_INVALID", "/delegate", { delegate: "lena" }],
  ["DELEGATION_INVALID", "/until", { until: "2026-02-01T12:00:00Z" }],
  ["DELEGATION_INVALID", "/until", { from: "2026-02-11T00:00:00Z" }],
  ["PERSON_UNKNOWN", "/delegate", { delegate: "ghost" }],
  ["PERSON_UNKNOWN", "/person", { person: "ghost" }],
  [
    "DELEGATION_OVERLAPS",
    "/from",
    { named: [{ delegate: "carla", from: "2026-02-09T00:00:00Z", until: "2026-02-20T00:00:00Z" }] },
  ],
])("%s at %s", (code, pointer, overrides) => {
  expect(decideDelegation({ ...question, ...overrides })).toMatchObject({ refusal: { code, place: { pointer } } });
});

test("one may follow the other", () => {
  const named = [{ delegate: "carla", from: "2026-01-01T00:00:00Z", until: "2026-02-01T12:00:00Z" }];
  expect(decideDelegation({ ...question, named })).toMatchObject({ ok: true });
});
