import { expect, test } from "vitest";
import { runsOf } from "./words.ts";

const read = (text: string) => [...runsOf(text)].map((run) => [run.text, ...run.pieces.map((piece) => piece.text)]);

test.each<[string, string[][]]>([
  ["user_preferences", [["userpreferences", "user", "preferences"]]],
  ["userPreferences", [["userpreferences", "user", "preferences"]]],
  ["HTTPServer", [["httpserver", "http", "server"]]],
  [
    "CHG-12",
    [
      ["chg", "chg"],
      ["12", "12"],
    ],
  ],
  [
    "public.users;",
    [
      ["public", "public"],
      ["users", "users"],
    ],
  ],
  ["__x__", [["x", "x"]]],
  ["Änderung", [["anderung", "anderung"]]],
  ["e\u0301te\u0301", [["ete", "ete"]]],
  ["追加列", [["追加列", "追", "加", "列"]]],
  ["v2", [["v2", "v2"]]],
  [" -- ___ %\0\ud800 \u0301", []],
  ["", []],
])("%j is read as its runs and their words", (text, runs) => {
  expect(read(text)).toEqual(runs);
});

test("each word says where it stands", () => {
  const text = "an old_Name, ßx";
  const [, run] = runsOf(text);
  expect(text.slice(run!.start, run!.end)).toBe("old_Name");
  expect(run!.pieces.map(({ start, end }) => text.slice(start, end))).toEqual(["old", "Name"]);
});

test("of a word without end the beginning counts", () => {
  expect(read("a".repeat(5000))).toEqual([["a".repeat(100), "a".repeat(100)]]);
});
