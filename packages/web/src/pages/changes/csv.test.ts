import { expect, test } from "vitest";
import type { ChangeSummary } from "../../data/types.ts";
import { csvOf } from "./csv.ts";

const change = (title: string) => ({ number: "CHG-1", title }) as ChangeSummary;
const COLUMNS = [
  { title: "Number", text: ({ number }: ChangeSummary) => number },
  { title: "Title", text: ({ title }: ChangeSummary) => title },
];

test("a list is one line of titles and one line for each change", () => {
  expect(csvOf(COLUMNS, [change("Add a field"), change("Drop it")])).toBe(
    "Number,Title\r\nCHG-1,Add a field\r\nCHG-1,Drop it\r\n",
  );
});

test.each([
  ['say "now", please', '"say ""now"", please"'],
  ["two\nlines", '"two\nlines"'],
  ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
  ["+1", "'+1"],
  [" =1+1", "' =1+1"],
  ["＝1+1", "'＝1+1"],
  ["\n=1+1", '"\'\n=1+1"'],
  ["@sum", "'@sum"],
  ["-1,2", `"'-1,2"`],
])("%j cannot break out of its cell nor be computed", (title, cell) => {
  expect(csvOf(COLUMNS, [change(title)])).toBe(`Number,Title\r\nCHG-1,${cell}\r\n`);
});
