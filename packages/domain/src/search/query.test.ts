import { expect, test } from "vitest";
import { readQuery } from "./query.ts";

const written = (text: string) =>
  readQuery(text).map(
    ({ negated, alternatives }) =>
      `${negated ? "not " : ""}${alternatives.map(({ words, open }) => words.join(" ") + (open ? "*" : "")).join(" or ")}`,
  );

test.each<[string, string[]]>([
  ["add Users", ["add*", "users*"]],
  ["user_prefer", ["userprefer* or user prefer*"]],
  ["CHG-12", ["chg 12"]],
  ["12", ["12"]],
  ['"add a field" now', ["add a field", "now*"]],
  ["“add a”", ["add a"]],
  ['"never closed', ["never closed"]],
  ['-draft -"old name"', ["not draft*", "not old name"]],
  ["--x", ["not x*"]],
  ["public.user_preferences", ["public userpreferences* or public user preferences*"]],
  ["a'b:*!&|()<->\\", ["a b*"]],
])("%j looks for %j", (text, terms) => {
  expect(written(text)).toEqual(terms);
});

test.each(["", "  ", '"', '""', "-", '-""', "%_*", "\0", "\ud800", "((("])("%j asks for nothing", (text) => {
  expect(readQuery(text)).toEqual([]);
});

test("of very much only the beginning is looked for", () => {
  expect(readQuery("word ".repeat(1000))).toHaveLength(16);
  const [long] = readQuery(`"${"a_b ".repeat(1000)}"`);
  expect(long!.alternatives.map(({ words }) => words.length)).toEqual([16, 16]);
});
