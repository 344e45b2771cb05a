import { expect, test } from "vitest";
import { apart, linesOf } from "./said.ts";

const text = (value: unknown) => linesOf(value).map(({ depth, text: words }) => `${"  ".repeat(depth)}${words}`);

test("a value is its members, one a line, short ones beside their name and long ones below it", () => {
  expect(
    text({
      when: { breaking: true, type: ["a", "b"] },
      answer: {
        requirements: [
          { id: "lead", count: 1 },
          { id: "cab", from: { board: "cab" } },
        ],
      },
      source: "D 7",
      none: [],
      nothing: null,
    }),
  ).toEqual([
    "when:",
    "  breaking: yes",
    "  type: a, b",
    "answer:",
    "  requirements:",
    "    – id: lead",
    "    count: 1",
    "    – id: cab",
    "    from: board: cab",
    "source: D 7",
  ]);
  expect(text("2026-01-01")).toEqual(["2026-01-01"]);
  expect(text(undefined)).toEqual([]);
});

test("of two things only what they say otherwise is shown", () => {
  expect(apart({ id: "a", when: {}, hit: "x" }, { id: "a", when: { b: 1 }, more: 2 })).toEqual([
    { when: {}, hit: "x" },
    { when: { b: 1 }, more: 2 },
  ]);
  expect(apart(1, 2)).toEqual([1, 2]);
  expect(apart(undefined, { id: "a" })).toEqual([undefined, { id: "a" }]);
});
