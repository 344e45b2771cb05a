import { expect, test } from "vitest";
import { found } from "./palette-entries.ts";

const run = () => {};
const groups = [
  { title: "Pages", entries: [{ id: "p", label: "People", keywords: ["users"], run }] },
  {
    title: "Changes",
    entries: [
      { id: "1", label: "CHG-1 Add nickname", description: "Review", run },
      { id: "2", label: "CHG-2 Drop users", run },
    ],
  },
];
const ids = (query: string, limit = 9) =>
  found(groups, query, limit).map(({ title, entries }) => [title, ...entries.map(({ id }) => id)]);

test("entries are found by label, description and keywords in any case, and groups without any are left out", () => {
  expect(ids("")).toEqual([
    ["Pages", "p"],
    ["Changes", "1", "2"],
  ]);
  expect(ids(" USERS ")).toEqual([
    ["Pages", "p"],
    ["Changes", "2"],
  ]);
  expect(ids("review")).toEqual([["Changes", "1"]]);
  expect(ids("nothing")).toEqual([]);
});

test("no more are shown than fit", () => {
  expect(ids("", 2)).toEqual([
    ["Pages", "p"],
    ["Changes", "1"],
  ]);
});
