import { expect, test } from "vitest";
import type { TestingAnswer } from "../../process/process.ts";
import { aReport, aSituation } from "../../testing/a-situation.ts";
import { aChange, aProcess, aRow, aTable } from "../../testing/builders.ts";
import { testKinds, testsDue, testsOpen } from "./tests-due.ts";

const asking = (...answers: TestingAnswer[]) =>
  aProcess({ testing: answers.map((answer, index) => aTable(`t${index}`, answer)) });

const unit: TestingAnswer = { tests: ["unit", "load"], due: "before-deployment" };

test("tables add up, each kind once, at the earliest moment", () => {
  const process = asking(
    unit,
    { tests: ["unit"], due: "before-approval" },
    { tests: ["load"], due: "after-deployment" },
  );
  expect(testsDue(process, {})).toEqual([
    { kind: "unit", due: "before-approval" },
    { kind: "load", due: "before-deployment" },
  ]);
  expect(testKinds(process)).toEqual(["unit", "load"]);
});

test("a row that speaks for all moves every test to its moment", () => {
  expect(testsDue(asking(unit, { tests: [], due: "after-deployment", forAll: true }), {})).toEqual([
    { kind: "unit", due: "after-deployment" },
    { kind: "load", due: "after-deployment" },
  ]);
});

test("where a table says nothing, nothing is known", () => {
  const rows = [aRow("add", { type: "add" }, unit)];
  const process = aProcess({ testing: aTable("testing", unit, { dimensions: ["type"], rows }) });
  expect(testsDue(process, { type: "remove" })).toBeUndefined();
  const change = aChange({ facts: { type: "remove" } });
  expect(testsOpen(process, change, aSituation(), "before-approval")).toBeUndefined();
});

test("a test has passed by a report without failures on this content, or by a step that stands for it", () => {
  const base = asking({ tests: ["unit"], due: "before-approval" }, { tests: ["load"], due: "after-deployment" });
  const stages = base.stages.map((stage) =>
    stage.id === "draft" ? { ...stage, steps: [{ ...stage.steps[0]!, tests: ["unit"] }] } : stage,
  );
  const process = { ...base, stages };
  const change = aChange();
  const open = (reports: Parameters<typeof aReport>[1][], steps = change.steps) =>
    testsOpen(
      process,
      { ...change, steps },
      aSituation({ reports: reports.map((report) => aReport(change, report)) }),
      "before-approval",
    )?.map(({ kind }) => kind);
  expect(open([])).toEqual(["unit"]);
  expect(open([{ kind: "unit" }])).toEqual([]);
  expect(open([{ kind: "unit", passed: 0 }])).toEqual(["unit"]);
  expect(open([{ kind: "unit", contentHash: "old" }])).toEqual(["unit"]);
  const step = { id: "write", stage: "draft", title: "", evidenceNeeded: [], by: [], automatic: false, added: false };
  const done = { ...step, completed: { at: "2026-01-02T00:00:00Z", by: "ben", evidence: [] } };
  expect(open([], [step])).toEqual(["unit"]);
  expect(open([], [{ ...done, id: "other" }])).toEqual(["unit"]);
  expect(open([], [done])).toEqual([]);
  expect(open([{ kind: "unit", failed: 1 }], [done])).toEqual(["unit"]);
  expect(testsOpen(process, change, aSituation(), "after-deployment")).toHaveLength(2);
});
