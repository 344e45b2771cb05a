import { expect, test } from "vitest";
import type { Problem } from "../change/refusal.ts";
import { aProcess, aRow, aSoundProcess, aTable } from "../testing/builders.ts";
import { checkProcess, checkWritten } from "./check.ts";
import { checkWays } from "./check-workflow.ts";
import type { FormField, Process, Requirement, Stage, StepTemplate, Transition } from "./process.ts";

const base = aProcess();
const place = { file: "process.yaml", line: 7, column: 3 };

/** What is wrong with what a process says and with the ways it leads, whatever it is silent about. */
function problems(process: Process): readonly Problem[] {
  const written = checkWritten(process);
  return written.length > 0 ? written : checkWays(process);
}

/** Codes of the problems a process with these changes has. */
function codes(overrides: Partial<Process>): string[] {
  return problems(aProcess(overrides)).map((problem) => problem.code);
}

/** The sentences of the problems a process with these changes has. */
function words(overrides: Partial<Process>): string {
  return problems(aProcess(overrides))
    .map((problem) => `${problem.message} ${problem.hint}`)
    .join("\n");
}

function withStage(id: string, change: Partial<Stage>): Partial<Process> {
  return { stages: base.stages.map((stage) => (stage.id === id ? { ...stage, ...change } : stage)) };
}

function withTransitions(id: string, ...transitions: Transition[]): Partial<Process> {
  return withStage(id, { transitions });
}

test("a sound process has no problems", () => {
  expect(checkProcess(aSoundProcess())).toEqual([]);
});

test("a problem says where it was read", () => {
  const rows = [{ ...aRow("r", { typ: "add" }, { team: "x" }), place }];
  expect(checkProcess(aProcess({ routing: aTable("routing", { team: "x" }, { rows }) }))).toEqual([
    {
      code: "DIMENSION_UNKNOWN",
      message: 'Row r of table routing asks for "typ", which is no dimension.',
      hint: 'Did you mean "type"?',
      place,
    },
  ]);
});

test("combinations that no row covers are counted and five of them named", () => {
  const rows = [aRow("r", { type: "add", breaking: true, component: "users" }, { team: "x" })];
  const routing = aTable("routing", { team: "x" }, { dimensions: ["type", "breaking", "component"], rows });
  expect(words({ routing })).toMatch(/says nothing about 8 combinations: .*; and 3 more\./);
  const none = aTable("routing", { team: "x" }, { rows: [] });
  expect(words({ routing: none })).toContain("Table routing says nothing about 1 combination: everything.");
});

test("a unique table may not contradict itself nor hold rows that decide nothing", () => {
  const rows = [aRow("a", { type: ["add", "remove"] }, { team: "x" }), aRow("b", { type: "add" }, { team: "y" })];
  const table = aTable("routing", { team: "x" }, { dimensions: ["type"], rows });
  expect(codes({ routing: table })).toEqual(["TABLE_CONTRADICTION", "ROW_SHADOWED"]);
  expect(codes({ routing: { ...table, hit: "collect" } })).toEqual([]);
});

test.each<[string, Parameters<typeof aRow>[1], readonly string[], string]>([
  ["VALUE_UNKNOWN", { type: "ad" }, ["type"], "type = ad, which never occurs. Did you mean"],
  ["NEVER_HOLDS", { type: [] }, ["type"], 'allows no value of "type"'],
  ["DIMENSION_UNDECLARED", { type: "add" }, [], "which the table does not declare"],
  ["DIMENSION_UNKNOWN", {}, ["tipe"], 'declares "tipe", which is no dimension'],
])("%s in a table", (code, when, dimensions, sentence) => {
  const routing = aTable("routing", { team: "x" }, { dimensions, rows: [aRow("r", when, { team: "x" })] });
  expect(codes({ routing })).toEqual([code]);
  expect(words({ routing })).toContain(sentence);
});

test("an id stands for one thing", () => {
  expect(codes({ types: [...base.types, ...base.types] })).toEqual(["DUPLICATE_ID", "DUPLICATE_ID"]);
  expect(codes({ routing: { ...base.routing, rows: [...base.routing.rows, ...base.routing.rows] } })).toEqual([
    "DUPLICATE_ID",
  ]);
  expect(codes({ testing: { ...base.testing, id: "rollback" } })).toEqual(["DUPLICATE_ID"]);
  const step: StepTemplate = { id: "write", title: "", evidence: [], by: [] };
  expect(codes(withStage("ready", { steps: [step] }))).toEqual(["DUPLICATE_ID"]);
  const closed = base.stages.filter((stage) => stage.id === "closed");
  expect(codes({ stages: [...base.stages, ...closed] })).toEqual(["DUPLICATE_ID"]);
});

test("conclusions are declared and drawn before they are used", () => {
  const late = { name: "breaking", title: "", table: aTable("b", { value: true }, { dimensions: ["breaking"] }) };
  expect(codes({ derived: [late] })).toEqual(["DERIVED_TOO_LATE"]);
  const fact = (name: string, value: string | boolean) => ({ name, title: "", table: aTable("d", { value }) });
  expect(codes({ derived: [fact("risk", "high")] })).toEqual(["DIMENSION_UNKNOWN"]);
  expect(codes({ derived: [fact("breaking", "maybe")] })).toEqual(["VALUE_UNKNOWN"]);
  expect(codes({ derived: [fact("component", "anything")] })).toEqual([]);
});

test("levels rise, end without a limit and conclude declared values", () => {
  const dimensions = { ...base.dimensions, size: { title: "Size", values: ["small", "large"] } };
  const band = (levels: { upTo?: number; value: string }[], name = "size") => ({
    dimensions,
    bands: [{ name, title: "", from: "items", levels }],
  });
  expect(codes(band([{ upTo: 1, value: "small" }, { value: "large" }]))).toEqual([]);
  expect(codes(band([{ upTo: 2, value: "small" }, { upTo: 1, value: "small" }, { value: "large" }]))).toEqual([
    "LEVELS_UNORDERED",
  ]);
  expect(codes(band([{ upTo: 2, value: "small" }]))).toEqual(["LEVELS_UNORDERED"]);
  expect(codes(band([{ value: "huge" }]))).toEqual(["VALUE_UNKNOWN"]);
  expect(codes(band([{ value: "small" }], "weight"))).toEqual(["DIMENSION_UNKNOWN"]);
  const score = { name: "weight", title: "", cap: 1, levels: [{ value: 1 }], table: aTable("weight", { points: 1 }) };
  expect(codes({ scores: [score] })).toEqual(["DIMENSION_UNKNOWN"]);
});

test.each<[string, Partial<FormField>]>([
  ["DIMENSION_UNKNOWN", { fact: "risky" }],
  ["DIMENSION_UNKNOWN", { factWhenFilled: "risky" }],
  ["DIMENSION_UNKNOWN", { when: { risky: true } }],
  ["VALUE_UNKNOWN", { required: { type: "ad" } }],
  ["FACT_KIND", { fact: "breaking", kind: "text" }],
  ["CHOICE_EMPTY", { kind: "choice" }],
  ["PATTERN_INVALID", { pattern: "(" }],
])("%s in a form field", (code, change) => {
  const field: FormField = { id: "extra", title: "", help: "", kind: "list", pattern: "^a$", ...change };
  expect(codes({ form: { fields: [...base.form.fields, field], rules: [] } })).toEqual([code]);
});

test("a date is counted from another date", () => {
  const field = (id: string, more: Partial<FormField> = {}): FormField => ({
    id,
    title: "",
    help: "",
    kind: "date",
    ...more,
  });
  const form = (...fields: FormField[]) => ({ form: { ...base.form, fields: [...base.form.fields, ...fields] } });
  const later = { notBefore: { field: "notice", months: 6 } };
  expect(codes(form(field("notice"), field("sunset", later)))).toEqual([]);
  expect(codes(form(field("sunset", later)))).toEqual(["FIELD_UNKNOWN"]);
  expect(codes(form(field("notice"), field("sunset", { ...later, kind: "text" })))).toEqual(["FIELD_UNKNOWN"]);
});

test("form rules name fields and dimensions that exist", () => {
  const rule = { code: "R", when: {}, require: { breaking: true }, message: "", hint: "" };
  const form = (change: Partial<typeof rule> & { field?: string }) => ({
    form: { ...base.form, rules: [{ ...rule, ...change }] },
  });
  expect(codes(form({ field: "title" }))).toEqual([]);
  expect(codes(form({ field: "titel" }))).toEqual(["FIELD_UNKNOWN"]);
  expect(codes(form({ when: { risky: true } } as never))).toEqual(["DIMENSION_UNKNOWN"]);
  expect(codes({ number: "CHG" })).toEqual(["NUMBER_PATTERN"]);
});

test.each<[string, Partial<Requirement>]>([
  ["ROLE_UNKNOWN", { from: { roles: ["architekt" as never] } }],
  ["REQUIREMENT_UNKNOWN", { mayShare: ["other"] }],
  ["POSITION_UNKNOWN", { from: { position: "cto" } }],
  ["FIELD_UNKNOWN", { from: { field: "title" } }],
  ["COUNT_INVALID", { count: 0 }],
  ["COUNT_INVALID", { count: 1.5 }],
  ["COUNT_INVALID", { count: "all" }],
])("%s in a requirement", (code, change) => {
  const requirement: Requirement = { id: "r", title: "", from: {}, count: 1, ...change };
  expect(codes({ approvals: aTable("approvals", { requirements: [requirement] }) })).toEqual([code]);
});

test("requirements may name declared positions and fields of users; one id means one thing", () => {
  const requirement: Requirement = { id: "r", title: "", from: { position: "cto" }, count: 1 };
  const all: Requirement = { id: "s", title: "", from: { field: "stakeholders" }, count: "all", mayShare: ["r"] };
  const positions = [{ id: "cto", title: "CTO" }];
  expect(codes({ positions, approvals: aTable("approvals", { requirements: [requirement, all] }) })).toEqual([]);
  const twice = { requirements: [requirement, { ...requirement, count: 2 }] };
  expect(codes({ positions, approvals: aTable("approvals", twice) })).toEqual([]);
  const ambiguous = { requirements: [requirement, { ...requirement, from: {} }] };
  expect(codes({ positions, approvals: aTable("approvals", ambiguous) })).toEqual(["REQUIREMENT_AMBIGUOUS"]);
});

test.each<[string, Partial<StepTemplate>]>([
  ["ROLE_UNKNOWN", { by: ["boss" as never] }],
  ["DIMENSION_UNKNOWN", { when: { risky: true } }],
  ["ENVIRONMENT_UNKNOWN", { automatic: { on: "deployment.succeeded", environment: "prod" } }],
])("%s in a step", (code, change) => {
  const step: StepTemplate = { id: "extra", title: "", evidence: [], by: ["architect"], ...change };
  expect(codes(withStage("ready", { steps: [step] }))).toEqual([code]);
});

test("transitions lead to stages on triggers through gates that exist", () => {
  const known: Transition = { on: "ready", to: "ready", gates: ["validated", "approved-all"] };
  expect(codes(withTransitions("review", known, { on: "ready", to: "redy", gates: [] }))).toEqual(["STAGE_UNKNOWN"]);
  expect(codes(withTransitions("review", known, { on: "jump" as never, to: "closed", gates: [] }))).toEqual([
    "TRIGGER_UNKNOWN",
  ]);
  expect(codes(withTransitions("review", known, { on: "close", to: "closed", gates: ["luck" as never] }))).toEqual([
    "GATE_UNKNOWN",
  ]);
  expect(
    codes(withTransitions("review", known, { on: "close", to: "closed", gates: [], when: { luck: true } })),
  ).toEqual(["DIMENSION_UNKNOWN"]);
  expect(codes({ initialStage: "drft" })).toEqual(["STAGE_UNKNOWN"]);
});

test("every stage is reached and every way ends", () => {
  const lonely: Stage = { id: "lonely", title: "", status: "failed", steps: [], transitions: [] };
  expect(codes({ stages: [...base.stages, lonely] })).toEqual(["STAGE_UNREACHABLE", "STAGE_DEAD_END"]);
  expect(codes(withTransitions("watching"))).toEqual([
    "STAGE_UNREACHABLE",
    "STAGE_DEAD_END",
    "STAGE_DEAD_END",
    "STAGE_DEAD_END",
    "STAGE_DEAD_END",
  ]);
});

const toDeploying: Transition = { on: "deploy", to: "deploying", gates: [] };

test("no way into a deployment avoids approval or validation", () => {
  expect(codes(withTransitions("ready", toDeploying))).toEqual([]);
  expect(words(withTransitions("draft", ...base.stages[0]!.transitions, toDeploying))).toMatch(
    /from draft to deploying without approval.*\n.*without validation/,
  );
  expect(
    codes(
      withTransitions("draft", ...base.stages[0]!.transitions, { ...toDeploying, gates: ["approved", "validated"] }),
    ),
  ).toEqual([]);
  expect(
    codes(
      withTransitions("draft", ...base.stages[0]!.transitions, {
        ...toDeploying,
        gates: ["approved-all", "validated"],
      }),
    ),
  ).toEqual([]);
});

test.each(["edit", "rework"] as const)("content that changes by %s is approved and validated again", (on) => {
  const deploy: Transition = { on: "deploy", to: "deploying", gates: [] };
  expect(codes(withTransitions("ready", deploy, { on, to: "ready", gates: [] }))).toEqual([
    "DEPLOYS_UNAPPROVED",
    "DEPLOYS_UNVALIDATED",
  ]);
});

test("an obligation afterwards stands for validation before, when nothing closes without it", () => {
  const urgent: Transition = { on: "deploy", to: "deploying", when: { type: "remove" }, gates: ["approved"] };
  const stages = withTransitions("draft", ...base.stages[0]!.transitions, urgent).stages!;
  const owing = (when: { type?: string }) =>
    aTable(
      "afterwards",
      { monitoringDays: 1, obligations: ["look"] },
      {
        hit: "collect",
        dimensions: ["type"],
        rows: [
          aRow("owed", when, { monitoringDays: 1, obligations: ["look"] }),
          aRow("all", {}, { monitoringDays: 1, obligations: [] }),
        ],
      },
    );
  expect(codes({ stages })).toEqual(["DEPLOYS_UNVALIDATED"]);
  expect(codes({ stages, afterwards: owing({ type: "remove" }) })).toEqual([]);
  expect(codes({ stages, afterwards: owing({ type: "add" }) })).toEqual(["DEPLOYS_UNVALIDATED"]);
  const unguarded = stages.map((stage) => ({
    ...stage,
    transitions: stage.transitions.map((t) => (t.on === "close" ? { ...t, gates: [] } : t)),
  }));
  expect(codes({ stages: unguarded, afterwards: owing({}) })).toEqual(["DEPLOYS_UNVALIDATED"]);
  const always = stages.map((stage) =>
    stage.id === "draft" ? { ...stage, transitions: stage.transitions.map(({ when, ...t }) => t) } : stage,
  );
  expect(codes({ stages: always, afterwards: owing({}) })).toEqual([]);
});

test("what is owed afterwards is a step", () => {
  const afterwards = aTable("afterwards", { monitoringDays: 0, obligations: ["loook"] }, { hit: "collect" });
  expect(codes({ afterwards })).toEqual(["STEP_UNKNOWN"]);
  expect(words({ afterwards })).toContain('owes "loook". Did you mean "look"?');
});

test("a table asks only for facts that something makes sure to be known", () => {
  const dimensions = { ...base.dimensions, risk: { title: "Risk", values: ["low", "high"] } };
  const rows = [aRow("low", { risk: "low" }, { team: "x" }), aRow("high", { risk: "high" }, { team: "y" })];
  const routing = aTable("routing", { team: "x" }, { dimensions: ["risk"], rows });
  const field: FormField = { id: "risk", title: "", help: "", kind: "choice", values: ["low", "high"], fact: "risk" };
  const form = (change: Partial<FormField>) => ({ fields: [...base.form.fields, { ...field, ...change }], rules: [] });
  const asking = { dimensions, routing };
  expect(codes(asking)).toEqual(["FACT_UNCERTAIN"]);
  expect(codes({ ...asking, form: form({}) })).toEqual(["FACT_UNCERTAIN"]);
  expect(codes({ ...asking, form: form({ required: { breaking: true } }) })).toEqual(["FACT_UNCERTAIN"]);
  expect(codes({ ...asking, form: form({ required: true, when: { breaking: true } }) })).toEqual(["FACT_UNCERTAIN"]);
  expect(codes({ ...asking, form: form({ required: true }) })).toEqual([]);
  expect(codes({ ...asking, form: form({ default: "low" }) })).toEqual([]);
  expect(codes({ ...asking, derived: [{ name: "risk", title: "", table: aTable("risk", { value: "low" }) }] })).toEqual(
    [],
  );
  expect(codes({ ...asking, dimensions: { ...dimensions, risk: { ...dimensions.risk, default: "high" } } })).toEqual(
    [],
  );
  const flag = { ...field, fact: undefined, kind: "users" as const, factWhenFilled: "named" };
  const named = { ...base.dimensions, named: { title: "Named", values: [true, false] } };
  const byName = aTable(
    "routing",
    { team: "x" },
    {
      dimensions: ["named"],
      rows: [aRow("named", { named: [true, false] }, { team: "x" })],
    },
  );
  expect(
    codes({ dimensions: named, routing: byName, form: { fields: [...base.form.fields, flag], rules: [] } }),
  ).toEqual([]);
});
