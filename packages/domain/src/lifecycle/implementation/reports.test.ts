import { expect, test } from "vitest";
import { aReport, aSituation } from "../../testing/a-situation.ts";
import { aChange } from "../../testing/builders.ts";
import { latestReport, reportChecks } from "./reports.ts";

const change = aChange();
const report = (overrides = {}) => aReport(change, overrides);
const results = (...reports: ReturnType<typeof report>[]) =>
  reportChecks(change, aSituation({ reports })).map(({ id, result }) => [id, result]);

test("each kind of report is a check, the kinds in order", () => {
  expect(results()).toEqual([]);
  expect(results(report(), report({ kind: "coverage" }), report({ passed: 1 }))).toEqual([
    ["report:coverage", "passed"],
    ["report:tests", "passed"],
  ]);
});

test("failures fail", () => {
  expect(reportChecks(change, aSituation({ reports: [report({ failed: 2 })] }))).toEqual([
    {
      id: "report:tests",
      title: "The report on tests is for this content and without failures",
      result: "failed",
      message: "2 failed, 3 passed.",
      hint: "Mend what failed and hand in a new report.",
    },
  ]);
});

test("what says nothing about this content, or nothing at all, is inconclusive", () => {
  expect(results(report({ contentHash: "before the edit" }))).toEqual([["report:tests", "inconclusive"]]);
  expect(results(report({ passed: 0 }))).toEqual([["report:tests", "inconclusive"]]);
});

test("the newest report on this content decides, whatever order they came in and however their times are written", () => {
  const newer = report({ at: "2026-01-09T10:00:00.500Z" });
  const older = report({ at: "2026-01-09T10:00:00Z", failed: 1 });
  expect(results(newer, older)).toEqual([["report:tests", "passed"]]);
  expect(results(older, newer)).toEqual([["report:tests", "passed"]]);
  const elsewhere = report({ at: "2026-01-10T00:00:00Z", failed: 1, contentHash: "before the edit" });
  expect(results(newer, elsewhere)).toEqual([["report:tests", "passed"]]);
});

test("of two reports of one moment the later in the list decides", () => {
  const [first, second] = [report({ passed: 1 }), report({ passed: 2 })];
  expect(latestReport(change, aSituation({ reports: [first, second] }), "tests")).toBe(second);
  expect(latestReport(change, aSituation({ reports: [first, second] }), "coverage")).toBeUndefined();
});
