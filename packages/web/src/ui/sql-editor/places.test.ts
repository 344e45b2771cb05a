import { expect, test } from "vitest";
import { placeWords, rangeOf } from "./places.ts";

const text = "-- 🚆 ü\nALTER TABLE a;\nSELECT 1";
const span = (line: number, column: number, endLine: number, endColumn: number) => ({
  line,
  column,
  endLine,
  endColumn,
});

test.each([
  [span(1, 4, 1, 6), "🚆"],
  [span(2, 1, 2, 14), "ALTER TABLE a"],
  [span(2, 7, 3, 7), "TABLE a;\nSELECT"],
  [span(3, 8, 3, 8), "1"],
  [span(3, 9, 3, 9), "1"],
  [span(2, 15, 2, 40), "\n"],
  [span(9, 1, 9, 5), "1"],
])("%j is %j", (place, covered) => {
  const { from, to } = rangeOf(text, place);
  expect(text.slice(from, to)).toBe(covered);
});

test("an empty text has no place, and nothing breaks", () => {
  expect(rangeOf("", span(3, 1, 3, 4))).toEqual({ from: 0, to: 0 });
  expect(placeWords({ span: null })).toBe("");
  expect(placeWords({ span: span(3, 4, 3, 9) })).toBe("Line 3, column 4");
});
