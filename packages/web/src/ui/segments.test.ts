import { expect, test } from "vitest";
import { segmentsOf } from "./segments.ts";

const shown = (text: string, marks: readonly (readonly [number, number])[]) =>
  segmentsOf(text, marks).map((segment) => (segment.marked ? `[${segment.text}]` : segment.text));

test.each<[string, [number, number][], string[]]>([
  ["add users", [], ["add users"]],
  ["add users", [[4, 9]], ["add ", "[users]"]],
  [
    "add users",
    [
      [0, 3],
      [4, 9],
    ],
    ["[add]", " ", "[users]"],
  ],
  ["add <b>", [[4, 7]], ["add ", "[<b>]"]],
  ["add", [[1, 99]], ["a", "[dd]"]],
  ["add", [[50, 99]], ["add"]],
  ["", [[0, 1]], []],
])("%j with marks %j is %j", (text, marks, segments) => {
  expect(shown(text, marks)).toEqual(segments);
});
