import { expect, test } from "vitest";
import type { Artifact } from "../../data/types.ts";
import { afterTold, draftOf, findingsFor, hasErrors, NOTHING_TRIED, type Told } from "./tries.ts";

const finding = (rule: string, severity: "error" | "warning" = "warning", part: "up" | "down" = "up") => ({
  rule,
  title: null,
  severity,
  breaking: false,
  from: rule === "change-column-type" ? ("rehearsal" as const) : ("reading" as const),
  part,
  span: null,
  message: rule,
  hint: null,
});
const checked = (...findings: ReturnType<typeof finding>[]) => ({ migrations: [{ id: "m", findings }] });
const rehearsed = (...findings: ReturnType<typeof finding>[]) => ({
  baseKnown: true,
  breaking: false,
  migrations: [{ id: "m", outcome: "passed" as const, message: "", report: null, findings, proposal: null }],
});
const told = (...all: Told[]) => all.reduce(afterTold, NOTHING_TRIED);
const rules = (tries: ReturnType<typeof told>) => findingsFor(tries, "m", "up").map(({ rule }) => rule);

test("an answer about an older text changes nothing", () => {
  const newer = told(
    { type: "written", key: "a" },
    { type: "written", key: "b" },
    { type: "rehearsed", key: "b", answer: rehearsed(finding("change-column-type")) },
  );
  for (const late of [
    { type: "checked", key: "a", answer: checked(finding("sql-invalid", "error")) },
    { type: "rehearsed", key: "a", answer: rehearsed() },
    { type: "running", key: "a" },
    { type: "refused", key: "a", problem: {} as never },
  ] as const) {
    expect(afterTold(newer, late)).toBe(newer);
  }
});

test("what was found by running stays while the next text is read, unless that cannot be read", () => {
  const before = told(
    { type: "written", key: "a" },
    { type: "rehearsed", key: "a", answer: rehearsed(finding("change-column-type")) },
    { type: "written", key: "b" },
  );
  expect([before.state, rules(before)]).toEqual(["typing", ["change-column-type"]]);
  expect(rules(afterTold(before, { type: "checked", key: "b", answer: checked() }))).toEqual(["change-column-type"]);
  const broken = checked(finding("sql-invalid", "error"));
  expect(hasErrors(broken)).toBe(true);
  expect(rules(afterTold(before, { type: "checked", key: "b", answer: broken }))).toEqual(["sql-invalid"]);
});

test("each part of a migration has its own findings", () => {
  const tries = told(
    { type: "written", key: "a" },
    { type: "checked", key: "a", answer: checked(finding("A"), finding("B", "error", "down")) },
  );
  expect(findingsFor(tries, "m", "down").map(({ rule }) => rule)).toEqual(["B"]);
  expect(findingsFor(tries, "other", "up")).toEqual([]);
});

test("there is nothing to try while no migration says anything, and then nothing of before stands", () => {
  const blank: Artifact = { kind: "migration", id: "m", name: "x", up: " \n", down: null, transactional: true };
  const manual: Artifact = { kind: "manual", id: "n", name: "x", steps: [] };
  expect(draftOf([blank, manual], undefined)).toBeNull();
  expect(draftOf([manual, { ...blank, up: "SELECT 1" }], "CHG-1")).toEqual({
    change: "CHG-1",
    migrations: [{ id: "m", up: "SELECT 1", down: null, transactional: true }],
  });
  // Blanks are no way back.
  expect(draftOf([{ ...blank, up: "SELECT 1", down: " \n" }], undefined)).toMatchObject({
    migrations: [{ down: null }],
  });
  expect(draftOf([{ ...blank, down: " \n" }], undefined)).toBeNull();
  const tries = told({ type: "written", key: "a" }, { type: "checked", key: "a", answer: checked(finding("A")) });
  expect(afterTold(tries, { type: "written", key: null })).toEqual(NOTHING_TRIED);
});
