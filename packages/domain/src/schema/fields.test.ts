import { expect, test } from "vitest";
import { changedFields, sameValue } from "./fields.ts";
import type { FieldValue } from "./model.ts";

const object = (fields: Record<string, FieldValue>) => ({ kind: "table", name: "public.t", fields }) as const;

test.each<[FieldValue | undefined, FieldValue | undefined, boolean]>([
  ["a", "a", true],
  ["a", "b", false],
  [null, undefined, true],
  [undefined, null, true],
  [false, undefined, false],
  [0, null, false],
  [1, "1", false],
  [["a", "b"], ["a", "b"], true],
  [["a", "b"], ["b", "a"], false],
  [["a"], ["a", "b"], false],
  [["a"], "a", false],
])("%j and %j are the same value: %s", (a, b, same) => {
  expect(sameValue(a, b)).toBe(same);
});

test("fields differ that one side has another value of or has alone", () => {
  const before = object({ type: "text", notNull: true, options: ["a"], comment: null });
  const after = object({ type: "text", notNull: false, options: ["a"], default: "1" });
  expect([...changedFields(before, after)].sort()).toEqual(["default", "notNull"]);
  expect(changedFields(before, before).size).toBe(0);
});
