import { aProcess } from "@change-mgmt/domain/testing/builders.ts";
import { expect, test } from "vitest";
import { changedFields, newerParts, same, takenOver } from "./differences.ts";

const field = (id: string) => ({ id, title: id.toUpperCase(), help: "", kind: "text" as const });
const process = aProcess({ form: { fields: [field("a"), field("b"), field("c")], rules: [] } });
const written = (values: Record<string, unknown>) => ({ values, artifacts: [] });

test("what is newer is told, and what was written at the same place beside it", () => {
  const base = written({ a: "1", b: "1", c: "1" });
  const theirs = written({ a: "2", b: "2", c: "1" });
  const mine = written({ a: "3", b: "1", c: "3" });
  expect(newerParts(process, base, theirs, mine)).toEqual([
    { id: "a", title: "A", before: "1", theirs: "2", mine: "3" },
    { id: "b", title: "B", before: "1", theirs: "2", mine: undefined },
  ]);
  expect(takenOver(base, theirs, mine)).toEqual(written({ a: "3", b: "2", c: "3" }));
});

test("the same words written by both are no conflict, and a version that says the same is nothing newer", () => {
  const base = written({ a: "1" });
  const both = written({ a: "2" });
  expect(newerParts(process, base, both, both)).toMatchObject([{ mine: undefined }]);
  expect(newerParts(process, base, written({ a: "1", b: "" }), both)).toEqual([]);
});

test("only what changed is sent, and what was emptied is taken away", () => {
  expect(changedFields({ a: "1", b: "2", c: "" }, { a: "1", b: " ", d: ["x"] })).toEqual({ b: null, d: ["x"] });
  expect(changedFields({ a: "1" }, {})).toEqual({ a: null });
  expect(changedFields({ a: [] }, { b: "" })).toBeUndefined();
});

test("the order of members of an object does not matter, that of a list does", () => {
  expect(same({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
  expect(same([1, 2], [2, 1])).toBe(false);
});
