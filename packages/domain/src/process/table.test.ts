import { expect, test } from "vitest";
import { aRow, aTable } from "../testing/builders.ts";
import { conditionText, matches, mismatch, mismatchText } from "./conditions.ts";
import { evaluate, evaluateAll } from "./table.ts";

test("a condition is a conjunction; a list means one of these; a list fact holds when any member does", () => {
  const facts = { type: "add", artifact: ["migration", "manual"], breaking: false };
  expect(matches({}, facts)).toBe(true);
  expect(matches({ type: ["add", "remove"], artifact: "manual" }, facts)).toBe(true);
  expect(matches({ type: "add", breaking: true }, facts)).toBe(false);
  expect(matches({ artifact: "external" }, facts)).toBe(false);
});

test("a fact that is not known matches nothing but the empty condition", () => {
  expect(mismatchText(mismatch({ risk: ["low", "high"] }, {})!)).toBe("risk is not known, not low or high");
  expect(mismatchText(mismatch({ breaking: true }, { breaking: false })!)).toBe("breaking is false, not true");
  expect(conditionText({ type: ["add", "remove"], breaking: true })).toBe("type = add or remove, breaking = true");
});

const rows = [aRow("adds", { type: "add" }, { team: "a" }, "page 1"), aRow("any", {}, { team: "b" })];

test("a collecting table answers with every row that matches and explains the others", () => {
  const table = aTable("t", { team: "" }, { hit: "collect", rows });
  expect(evaluate(table, { type: "add" }).answers).toEqual([{ team: "a" }, { team: "b" }]);
  const { answers, matched, explanation } = evaluate(table, { type: "remove" });
  expect(answers).toEqual([{ team: "b" }]);
  expect(matched.map((row) => row.id)).toEqual(["any"]);
  expect(explanation).toMatchObject({ id: "t", met: true, reason: "any of 2 rows" });
  expect(explanation.children).toMatchObject([
    { id: "adds", met: false, reason: "type is remove, not add" },
    { id: "any", title: "always", met: true, reason: "matches" },
  ]);
});

test("a row says where it comes from", () => {
  expect(
    evaluate(aTable("t", { team: "" }, { rows: rows.slice(0, 1) }), { type: "add" }).explanation.children[0]?.reason,
  ).toBe("matches (page 1)");
});

test("no matching row is no answer", () => {
  const { answers, explanation } = evaluate(aTable("t", { team: "" }, { rows: rows.slice(0, 1) }), { type: "remove" });
  expect(answers).toEqual([]);
  expect(explanation).toMatchObject({ met: false, reason: "no row matches" });
});

test("a unique table whose rows contradict each other says so and answers nothing", () => {
  const { answers, conflict, explanation } = evaluate(aTable("t", { team: "" }, { rows }), { type: "add" });
  expect(answers).toEqual([]);
  expect(conflict).toBe("rows adds and any of t match at once and answer differently");
  expect(explanation).toMatchObject({ met: false, reason: conflict });
});

test("rows of a unique table that say the same do not contradict each other", () => {
  const same = rows.map((row) => aRow(row.id, row.when, { team: "a" }));
  expect(evaluate(aTable("t", { team: "" }, { rows: same }), { type: "add" })).toMatchObject({
    answers: [{ team: "a" }],
  });
});

test("several tables add up, and say nothing where one of them says nothing", () => {
  const one = aTable("one", 1);
  const two = aTable("two", 2, { dimensions: ["type"], rows: [aRow("add", { type: "add" }, 2)] });
  expect(evaluateAll(one, {})).toEqual(evaluate(one, {}));
  expect(evaluateAll([one, two], { type: "add" })).toMatchObject({
    answers: [1, 2],
    explanation: { id: "one+two", met: true, reason: "each of 2 tables says something" },
  });
  expect(evaluateAll([one, two], { type: "remove" })).toMatchObject({
    answers: [1],
    explanation: { met: false, reason: "two: no row matches" },
  });
  expect(evaluateAll([], {}).explanation.met).toBe(false);
});

test("a condition can ask for a list that is known and empty", () => {
  const table = aTable("none", 1, { rows: [aRow("none", { artifact: ["manual", "(none)"] }, 1)] });
  expect(evaluate(table, { artifact: [] }).answers).toEqual([1]);
  expect(evaluate(table, { artifact: ["migration"] }).answers).toEqual([]);
  expect(evaluate(table, {}).answers).toEqual([]);
});
