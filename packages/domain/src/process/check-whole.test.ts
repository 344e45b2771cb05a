import { expect, test } from "vitest";
import { aProcess, aRow, aSoundProcess, aTable } from "../testing/builders.ts";
import { checkProcess } from "./check.ts";
import type { Gate, Process, Stage, Transition } from "./process.ts";
import { tablesIn } from "./table.ts";

const sound = aSoundProcess();
const place = { file: "process.yaml", line: 7, column: 3 };

/** Codes and sentences of the problems a sound process has after these changes. */
function found(overrides: Partial<Process>): string[] {
  return checkProcess(aSoundProcess(overrides)).map(({ code, message }) => `${code} ${message}`);
}

function withStage(id: string, change: (stage: Stage) => Partial<Stage>): Partial<Process> {
  return { stages: sound.stages.map((stage) => (stage.id === id ? { ...stage, ...change(stage) } : stage)) };
}

function without(id: string, on: Transition["on"]): Partial<Process> {
  return withStage(id, ({ transitions }) => ({ transitions: transitions.filter((one) => one.on !== on) }));
}

function withoutGate(id: string, on: Transition["on"], gate: Gate): Partial<Process> {
  return withStage(id, ({ transitions }) => ({
    transitions: transitions.map((one) =>
      one.on === on ? { ...one, gates: one.gates.filter((kept) => kept !== gate) } : one,
    ),
  }));
}

test("a stage says of each act of its status where it leads or why it is not possible", () => {
  expect(found(without("draft", "edit"))).toEqual(['ACT_UNANSWERED Stage draft says nothing about "edit".']);
  expect(found(without("watching", "close"))).toContain(
    'ACT_UNANSWERED Stage watching says nothing about "close" or "ready".',
  );
  expect(found(withStage("ready", () => ({ refusals: [] })))).toEqual([
    'ACT_UNANSWERED Stage ready says nothing about "cancel".',
  ]);
});

test("what an act asks for is answered for every case, and for none twice", () => {
  const narrow = withStage("ready", () => ({
    refusals: [{ on: "cancel", when: { breaking: true }, because: "No.", place }],
  }));
  expect(checkProcess(aSoundProcess(narrow))).toMatchObject([
    { code: "ACT_UNANSWERED", message: expect.stringContaining('about "cancel" where breaking = false') },
  ]);
  const twice = withStage("ready", ({ refusals }) => ({
    refusals: [...refusals!, { on: "cancel", when: { breaking: true }, because: "No.", place }],
  }));
  expect(checkProcess(aSoundProcess(twice))).toMatchObject([{ code: "ACTS_OVERLAP", place }]);
  const unplaced = withStage("ready", ({ refusals }) => ({ refusals: [...refusals!, ...refusals!] }));
  expect(found(unplaced)).toEqual(['ACTS_OVERLAP Stage ready answers "cancel" in two ways at once.']);
});

test("a stage is left in one way by itself or by closing, and answers nothing that does not happen", () => {
  const both = withStage("watching", ({ transitions }) => ({
    transitions: [...transitions, { on: "ready", to: "closed", gates: [] }],
  }));
  expect(found(both)).toContain('ACT_UNANSWERED Stage watching is left by "close" or "ready" alike.');
  const late = withStage("closed", () => ({ transitions: [{ on: "edit", to: "draft", gates: [], place }] }));
  expect(found(late)).toContain(
    'ACT_OUT_OF_PLACE Stage closed answers "edit", which does not happen to a change that is closed.',
  );
  const empty = withStage("ready", () => ({
    refusals: [{ on: "cancel", when: { artifact: "(none)" }, because: "No." }],
  }));
  expect(found(empty)).toEqual([expect.stringMatching(/^ACT_UNANSWERED .* where artifact = migration/)]);
  const early = withStage("draft", () => ({ refusals: [{ on: "deploy", because: "Not yet." }] }));
  expect(checkProcess(aSoundProcess(early))).toMatchObject([
    { code: "ACT_OUT_OF_PLACE", hint: "Take it out; what happens then: submit, edit, cancel." },
  ]);
  const worded = withStage("draft", () => ({ refusals: [{ on: "submit", when: { luck: true }, because: "No." }] }));
  expect(found(worded)).toEqual([
    'DIMENSION_UNKNOWN The refusal of submit in draft asks for "luck", which is no dimension.',
  ]);
});

test.each<[string, Transition["on"], Gate, string]>([
  ["draft", "submit", "form", "FORM_UNCHECKED On submit from draft to checking a change goes on with a form"],
  ["draft", "submit", "steps", "STEPS_SKIPPED On submit from draft"],
  ["checking", "ready", "steps", "STEPS_SKIPPED On ready from checking"],
  ["checking", "ready", "validated", "VALIDATION_SKIPPED On ready from checking"],
  ["checking", "ready", "rehearsed", "REHEARSAL_SKIPPED On ready from checking"],
  ["review", "ready", "validated", "VALIDATION_SKIPPED On ready from review"],
  ["review", "ready", "approved-all", "APPROVAL_SKIPPED On ready from review to ready a change is called approved"],
  ["failed", "deploy", "approved", "APPROVAL_SKIPPED On deploy from failed"],
  ["failed", "deploy", "validated", "VALIDATION_SKIPPED On deploy from failed"],
  ["failed", "deploy", "steps", "STEPS_SKIPPED On deploy from failed"],
  ["failed", "deploy", "previous-environment", "ENVIRONMENT_SKIPPED On deploy from failed"],
  ["watching", "close", "steps", "STEPS_SKIPPED On close from watching"],
  ["watching", "close", "obligations", "OBLIGATIONS_SKIPPED On close from watching"],
])("from %s on %s the gate %s is missed", (id, on, gate, sentence) => {
  const said = found(withoutGate(id, on, gate));
  expect(said.some((one) => one.startsWith(sentence))).toBe(true);
});

test("a missing gate is placed at its transition, or at the stage where that has no place", () => {
  const gateless: Transition = { on: "submit", to: "checking", gates: ["form"], place };
  const placed = withStage("draft", ({ transitions }) => ({ transitions: [gateless, ...transitions.slice(1)] }));
  expect(checkProcess(aSoundProcess(placed))).toMatchObject([{ code: "STEPS_SKIPPED", place }]);
});

test("a form that can be edited in a stage is checked when it is left", () => {
  const stay = withStage("checking", ({ transitions }) => ({
    transitions: transitions.map((one) => (one.on === "edit" ? { ...one, to: "checking" } : one)),
  }));
  expect(found(stay)).toEqual([
    "FORM_UNCHECKED On ready from checking to review a change goes on with a form that nobody has checked.",
  ]);
});

test("a way into a deployment that passed no rehearsal asks for one", () => {
  const unrehearsed = withStage("checking", (stage) => ({
    status: "assessing",
    transitions: stage.transitions
      .filter(({ on }) => on !== "rework")
      .map((one) => ({ ...one, gates: one.gates.filter((gate) => gate !== "rehearsed") })),
  }));
  expect(found(unrehearsed).filter((one) => one.startsWith("REHEARSAL_SKIPPED"))).toHaveLength(6);
});

test("only what leads to the first environment needs none before it, and only what leads to the last every step", () => {
  const deploys = (environment: string, ...gates: Gate[]): Transition => ({
    on: "deploy",
    to: "deploying",
    when: { environment },
    gates: ["approved", "validated", ...gates],
  });
  const after = (first: Transition, last: Transition) =>
    found(
      withStage("failed", ({ transitions }) => ({
        transitions: [first, last, ...transitions.filter(({ on }) => on !== "deploy")],
      })),
    );
  expect(after(deploys("staging"), deploys("production", "previous-environment", "steps"))).toEqual([]);
  expect(after(deploys("staging"), deploys("production"))).toMatchObject([
    expect.stringMatching(/^STEPS_SKIPPED/),
    expect.stringMatching(/^ENVIRONMENT_SKIPPED/),
  ]);
});

test("with windows or freezes no deployment starts without asking for them", () => {
  const windows = aTable("windows", { always: true });
  const freeze = { id: "year", title: "Year", from: "12-24", to: "01-02", zone: "UTC" };
  for (const calendar of [{ windows }, { freezes: [freeze] }]) {
    expect(found(calendar).filter((one) => one.startsWith("WINDOW_SKIPPED"))).toHaveLength(6);
  }
  expect(found({ freezes: [] })).toEqual([]);
});

test("tests that are due are asked for, unless a step stands for each of them", () => {
  const due = (moment: "before-approval" | "before-deployment" | "after-deployment", forAll?: boolean) => ({
    testing: aTable("testing", {
      tests: ["unit", "load"],
      due: moment,
      ...(forAll === undefined ? {} : { forAll }),
    }),
  });
  expect(found(due("before-approval"))).toEqual([
    "TESTS_SKIPPED On ready from review to ready a change goes on without the tests due before approval.",
  ]);
  expect(found(due("before-deployment"))).toHaveLength(6);
  expect(found(due("after-deployment"))).toHaveLength(1);
  const byHand = aTable("testing", { tests: ["unit"], due: "before-approval" as const });
  expect(found({ testing: byHand })).toEqual([]);
  expect(
    found({ testing: aTable("testing", { tests: ["unit"], due: "after-deployment" as const, forAll: true }) }),
  ).toContain(
    "TESTS_SKIPPED On close from watching to closed a change goes on without the tests due after deployment.",
  );
});

test("a validation that is owed after the deployment stands for the one before it", () => {
  const gateless = withoutGate("review", "ready", "validated").stages!.map((stage) => ({
    ...stage,
    steps:
      stage.id === "watching"
        ? [{ id: "validate", title: "", evidence: [], by: [], automatic: { on: "validation.passed" } }]
        : stage.steps,
  }));
  expect(found({ stages: gateless })).toHaveLength(1);
  const owing = aTable("afterwards", { monitoringDays: 0, obligations: ["validate"] });
  expect(found({ stages: gateless, afterwards: owing })).toEqual([]);
  const other = aTable("afterwards", { monitoringDays: 0, obligations: ["look"] });
  expect(found({ stages: gateless, afterwards: other })).toHaveLength(1);
});

test("a row of a collecting table answers somewhere alone", () => {
  const rows = [
    aRow("all", {}, { tests: ["unit"], due: "before-approval" as const }),
    aRow("more", { breaking: true }, { tests: [], due: "before-approval" as const }),
  ];
  const testing = aTable("testing", rows[0]!.then, { hit: "collect", dimensions: ["breaking"], rows });
  expect(found({ testing })).toEqual([
    "ROW_UNMISSED Wherever row more of table testing answers, others do as well, so nobody would notice that it is gone.",
  ]);
  const [first, second] = rows.map((row) => aTable(row.id, row.then));
  expect(found({ testing: [first!, second!] })).toEqual([]);
  expect(tablesIn([first!, second!])).toHaveLength(2);
});

test("what words mean comes before what is missing", () => {
  expect(checkProcess(aProcess({ number: "none" })).map(({ code }) => code)).toEqual(["NUMBER_PATTERN"]);
});
