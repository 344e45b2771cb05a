import { expect, test } from "vitest";
import { holdersOf, isHeard } from "./seats.ts";

const board = {
  members: [
    { position: "chair", holders: ["lena"] },
    { position: "security", holders: ["ben", "lena"] },
  ],
};
const standIn = {
  person: "lena",
  delegate: "olga",
  from: "2026-03-01T00:00:00Z",
  until: "2026-03-08T00:00:00Z",
  endedAt: null,
};
const now = Date.parse("2026-03-04T15:00:00Z");

test("holders of seats are named once, and heard; so is who stands in for one while they do", () => {
  expect(holdersOf(board)).toEqual(["lena", "ben"]);
  expect(isHeard(board, "ben", [], now)).toBe(true);
  expect(isHeard(board, "olga", [standIn], now)).toBe(true);
});

test.each([
  ["has no seat", []],
  ["stands in for somebody without one", [{ ...standIn, person: "rosa" }]],
  ["does not yet", [{ ...standIn, from: "2026-03-05T00:00:00Z" }]],
  ["does no more", [{ ...standIn, until: "2026-03-04T15:00:00Z" }]],
  ["does not since it was ended", [{ ...standIn, endedAt: "2026-03-02T00:00:00Z" }]],
])("who %s is not heard", (_, delegations) => {
  expect(isHeard(board, "olga", delegations, now)).toBe(false);
});
