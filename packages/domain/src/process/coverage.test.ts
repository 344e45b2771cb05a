import fc from "fast-check";
import { expect, test } from "vitest";
import { aRow, aTable } from "../testing/builders.ts";
import { mismatch, NONE } from "./conditions.ts";
import { findContradictions, findGaps, implies, isShadowed, OTHER } from "./coverage.ts";
import type { Condition, Dimension } from "./process.ts";

const dimensions: Record<string, Dimension> = {
  a: { title: "A", values: [1, 2, 3] },
  b: { title: "B", values: [true, false] },
  many: { title: "Many", values: ["x", "y"], many: true },
  open: { title: "Open", values: ["p"], open: true },
};
const table = (names: string[], whens: Condition[]) =>
  aTable("t", "", { dimensions: names, rows: whens.map((when, i) => aRow(`r${i}`, when, String(i))) });

test("gaps are the combinations that no row covers, at most five of them as examples", () => {
  expect(findGaps(table(["a", "b"], [{ a: [1, 2] }, { a: 3, b: true }]), dimensions)).toEqual({
    count: 1,
    examples: [{ a: 3, b: false }],
  });
  const none = findGaps(table(["a", "b"], [{ a: 9 }]), dimensions);
  expect(none.count).toBe(6);
  expect(none.examples).toHaveLength(5);
  expect(findGaps(table(["a", "unheard"], [{}]), dimensions).count).toBe(0);
});

test("an open dimension is covered only by a row that does not ask about it, and a list may be empty", () => {
  expect(findGaps(table(["open"], [{ open: "p" }]), dimensions).examples).toEqual([{ open: OTHER }]);
  expect(findGaps(table(["many"], [{ many: ["x", "y"] }]), dimensions).examples).toEqual([{ many: NONE }]);
});

test("gaps agree with asking every combination, for any rows", () => {
  const condition = fc.record({ a: fc.subarray([1, 2, 3]), b: fc.subarray([true, false]) }, { requiredKeys: [] });
  fc.assert(
    fc.property(fc.array(condition, { maxLength: 6 }), (whens) => {
      const all = [1, 2, 3].flatMap((a) => [true, false].map((b) => ({ a, b })));
      const uncovered = all.filter((facts) => whens.every((when) => mismatch(when, facts) !== undefined));
      const { count, examples } = findGaps(table(["a", "b"], whens), dimensions);
      expect(count).toBe(uncovered.length);
      for (const example of examples) expect(uncovered).toContainEqual(example);
      expect(examples).toHaveLength(Math.min(5, uncovered.length));
    }),
  );
});

test("a table of many dimensions is judged without asking every combination", () => {
  const names = Array.from({ length: 40 }, (_, i) => `d${i}`);
  const wide = Object.fromEntries(names.map((name) => [name, { title: name, values: [1, 2, 3, 4] }]));
  const { count, examples } = findGaps(table(names, [{ d0: [1, 2, 3] }, { d1: [1, 2, 3] }]), wide);
  expect(count).toBe(4 ** 38);
  expect(examples).toHaveLength(5);
});

test("rows that can match at once and answer differently contradict each other", () => {
  const pairs = findContradictions(table(["a", "b"], [{ a: [1, 2] }, { a: 2, b: true }, { a: 3 }]), dimensions);
  expect(pairs.map((pair) => pair.map((row) => row.id))).toEqual([["r0", "r1"]]);
  expect(findContradictions(table(["many"], [{ many: "x" }, { many: "y" }]), dimensions)).toHaveLength(1);
  const agreeing = table(["a"], [{ a: 1 }, {}]);
  const same = { ...agreeing, rows: agreeing.rows.map((row) => aRow(row.id, row.when, "same")) };
  expect(findContradictions(same, dimensions)).toEqual([]);
});

test("a row is shadowed when others cover all of it", () => {
  const covered = table(["a", "b", "unheard"], [{ a: [1, 2] }, { a: 3 }, { b: true }, { a: 9 }]);
  expect(covered.rows.map((row) => isShadowed(row, covered, dimensions))).toEqual([false, false, true, false]);
});

test("a narrower condition implies a wider one", () => {
  expect(implies({ a: 1, b: true }, { a: [1, 2] })).toBe(true);
  expect(implies({ a: [1, 3] }, { a: [1, 2] })).toBe(false);
  expect(implies({}, { a: 1 })).toBe(false);
});
