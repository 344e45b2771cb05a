import { expect, test } from "vitest";
import { allToggled, NOTHING, toggled } from "./selection.ts";

const ROWS = ["a", "b", "c", "d", "e"];
const pick = (...clicks: [string, boolean?][]) =>
  clicks.reduce((selection, [id, through = false]) => toggled(selection, ROWS, id, through), NOTHING);
const chosen = (...clicks: [string, boolean?][]) => [...pick(...clicks).ids].sort().join("");

test("a row is chosen and left by choosing it again", () => {
  expect(chosen(["b"])).toBe("b");
  expect(chosen(["b"], ["d"], ["b"])).toBe("d");
});

test("with shift all rows between are chosen or left, in both directions", () => {
  expect(chosen(["b"], ["d", true])).toBe("bcd");
  expect(chosen(["d"], ["a", true])).toBe("abcd");
  expect(chosen(["a"], ["e", true], ["b"], ["d", true])).toBe("ae");
  expect(chosen(["c", true])).toBe("c");
});

test("a row that has left the list is no end of a range", () => {
  expect([...toggled({ ids: new Set(["gone"]), last: "gone" }, ROWS, "c", true).ids]).toEqual(["gone", "c"]);
});

test("all are chosen at once, and left at once", () => {
  const all = allToggled(pick(["b"]), ROWS);
  expect([...all.ids]).toEqual(ROWS);
  expect(allToggled(all, ROWS)).toBe(NOTHING);
});
