import { join } from "node:path";
import type { Artifact } from "@change-mgmt/domain/change/change.ts";
import type { FormField, Process } from "@change-mgmt/domain/process/process.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { loadProcess } from "../configuration/process-file.ts";
import { readRequest } from "./request-file.ts";
import { writeRequest } from "./write-request.ts";

const COMPONENTS = ["personas-service", "simulation-service", "billing"];

async function processCalled(name: string): Promise<Process> {
  const loaded = await loadProcess(join(import.meta.dirname, "../../../../processes", name));
  if (!loaded.ok) throw new Error(loaded.refusal.message);
  return loaded.value.process;
}
const itil = await processCalled("itil");
const changeControl = await processCalled("change-control");

const read = (process: Process, text: string, name = "request") => {
  const outcome = readRequest(text, name, process, process.template!, { components: COMPONENTS });
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.value;
};

const MARKDOWN = `## Take the old gateway out of service

**Change ID**: CR-2026-0003
**Type**: Normal
**Priority**: High

### Summary
All traffic goes by the new one.

#### Why now
Its licence ends.

### Business Justification
It costs 900 a month.

### Technical Details
- Services affected: Billing, personas service
- Database changes
- Configuration updates:

  Two lines
  of them.

- Dependencies: CR-2026-0001

### Risk Assessment
- Impact level: Medium
- Rollback plan: Start it again.
- Testing completed: A week on staging.
- Monitoring plan: Errors per minute.

### Implementation Plan
1. Step-by-step procedure
   1. Drain it.
   2. Stop it.
2. Validation steps: No request arrives.
3. Rollback procedure

### Approval Required
- [x] Technical Lead
- [ ] Engineering Manager
- [x] Security Review (if needed)
- [ ] Business Stakeholder (if needed)
`;

test("a filled-in Markdown template is read whole, and what only the product can say becomes a remark", () => {
  const { fields, remarks, problems } = read(itil, MARKDOWN);
  expect(problems).toEqual([]);
  expect(fields).toEqual({
    title: "Take the old gateway out of service",
    type: "normal",
    priority: "high",
    description: "All traffic goes by the new one.\n\n#### Why now\nIts licence ends.",
    justification: "It costs 900 a month.",
    components: ["billing", "personas-service"],
    configurationUpdates: "Two lines\nof them.",
    dependencies: ["CR-2026-0001"],
    impact: "medium",
    rollbackPlan: "Start it again.",
    testingCompleted: "A week on staging.",
    monitoringPlan: "Errors per minute.",
    implementationPlan: "1. Drain it.\n2. Stop it.",
    validationSteps: "No request arrives.",
    securityReview: true,
    businessReview: false,
  });
  expect(remarks).toEqual(["Number: CR-2026-0003", "Ticked: Technical Lead; here it is given by vote."]);
});

test("the empty template says nothing: its guiding words are no values", () => {
  const text = writeRequest(itil, itil.template!, { fields: {}, artifacts: [] });
  expect(text).toContain("**Type**: [Standard|Normal|Emergency]");
  expect(text).toContain("### Summary\n\nBrief description of the change");
  expect(read(itil, text)).toEqual({
    fields: { securityReview: false, businessReview: false },
    artifacts: [],
    remarks: [],
    problems: [],
  });
});

const YAML = `change_request:
  id: "CR-2026-007"
  title: "Give orders a currency"
  type: "standard"
  requester: "ada@example.org"
  date_requested: "2026-11-02"
  priority: "medium"

  description:
    problem: "Amounts have no currency."
    solution: "A column for it."
    impact: "Reports can add up."

  technical_details:
    affected_components: ["personas service", "billing"]
    schema_changes: ["contracts/orders.json"]
    migration_required: true
    rollback_plan: "Drop the column."

  risk_assessment:
    risk_level: "medium"
    security_impact: "None"

  testing_requirements:
    unit_tests: true
    performance_tests: false

  approval_requirements:
    technical_review: true
`;

test("a YAML template is read whole, components by name however the words are joined", () => {
  const { fields, remarks, problems } = read(changeControl, YAML);
  expect(problems).toEqual([]);
  expect(fields).toEqual({
    title: "Give orders a currency",
    type: "standard",
    priority: "medium",
    description: "Amounts have no currency.",
    solution: "A column for it.",
    expectedImpact: "Reports can add up.",
    components: ["personas-service", "billing"],
    schemaChanges: ["contracts/orders.json"],
    migrationRequired: true,
    rollbackPlan: "Drop the column.",
    riskLevel: "medium",
    securityImpact: "None",
    unitTests: true,
    performanceTests: false,
    technicalReview: true,
  });
  expect(remarks).toEqual(["Number: CR-2026-007", "Requester: ada@example.org", "Date: 2026-11-02"]);
});

test.each([
  ["a key that the template has not", "  prioritty: high\n", "KEY_UNKNOWN", 'Did you mean "priority"?', 2, 3],
  ["a value that is none of the choice", "  priority: hihg\n", "VALUE_UNKNOWN", 'Did you mean "high"?', 2, 13],
  ["a number where a text belongs", "  title: 12\n", "VALUE_INVALID", "Write it in quotes.", 2, 10],
  [
    "a component that nobody knows",
    "  technical_details:\n    affected_components: [biling]\n",
    "COMPONENT_UNKNOWN",
    'Did you mean "billing"?',
    3,
    26,
  ],
  ["a text where keys belong", "  description: all of it\n", "VALUE_INVALID", "Write its keys below it.", 2, 16],
  ["keys where a text belongs", "  title: { en: x }\n", "VALUE_INVALID", "Write its value on the same line.", 2, 10],
  [
    "a further field that the form has not",
    "  further_fields:\n    likelyhood: low\n",
    "FIELD_UNKNOWN",
    'Did you mean "Likelihood"?',
    3,
    5,
  ],
])("YAML with %s is a problem with its line, and the rest is read", (_, lines, code, hint, line, column) => {
  const { problems, fields } = read(
    changeControl,
    `change_request:\n${lines}  requester: x\n  type: minor\n`,
    "r.yaml",
  );
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({ code, hint, place: { file: "r.yaml", line, column } });
  expect(fields).toEqual({ type: "minor" });
});

test("YAML that is none is refused with the line", () => {
  const outcome = readRequest("a: [", "r.yaml", changeControl, changeControl.template!, { components: [] });
  expect(outcome).toMatchObject({ ok: false, refusal: { code: "CHANGE_FILE_INVALID", place: { line: 1 } } });
});

test.each([
  [
    "that lead to more than anybody writes",
    [
      "a: &a [1, 1, 1, 1, 1, 1, 1, 1]",
      ...[..."bcdefgh"].map((name, at) => `${name}: &${name} [${Array(8).fill(`*${"abcdefg"[at]}`).join(", ")}]`),
    ].join("\n"),
    2,
  ],
  ["that lead into themselves", "change_request:\n  further_fields: &a { kind: *a }\n", 2],
  ["that lead nowhere", "change_request:\n  title: *nowhere\n", 2],
])("YAML with aliases %s is refused with the line", (_, text, line) => {
  const outcome = readRequest(text, "r.yaml", changeControl, changeControl.template!, { components: [] });
  expect(outcome).toMatchObject({ ok: false, refusal: { code: "CHANGE_FILE_INVALID", place: { line } } });
});

test.each([
  ["no heading", "**Type**: normal\n", "HEADING_MISSING", 1],
  ["text before the heading", "Hello\n\n## A title\n", "TEXT_UNPLACED", 1],
  ["a label that is none", "## A title\n\n**Typ**: normal\n", "HEADING_UNKNOWN", 3],
  ["text between labels", "## A title\n\n**Type**: normal\nand more\n", "TEXT_UNPLACED", 4],
  ["a heading that is none", "## A title\n\n### Sumary\n\nText\n", "HEADING_UNKNOWN", 3],
  ["steps without a label", "## A title\n\n### Implementation Plan\n1. Stop it.\n", "HEADING_UNKNOWN", 4],
  ["text in a section of items", "## A title\n\n### Risk Assessment\nNone.\n", "TEXT_UNPLACED", 4],
  ["a choice that is none", "## A title\n\n**Priority**: hihg\n", "VALUE_UNKNOWN", 3],
  ["a further field that is none", "## A title\n\n### Further fields\n- Likeliness: low\n", "FIELD_UNKNOWN", 4],
  ["artifacts that are no block", "## A title\n\n### Artifacts\nup.sql\n", "VALUE_INVALID", 3],
])("Markdown with %s is a problem with its line", (_, text, code, line) => {
  const { problems } = read(itil, text, "r.md");
  expect(problems[0]).toMatchObject({ code, place: { file: "r.md", line } });
});

test.each([
  ["## A title ##", "A title"],
  ["## A title##", "A title##"],
  ["#\tC #", "C"],
  ["## ##", undefined],
])("the heading %j is the title %j", (text, title) => {
  expect(read(itil, text).fields.title).toBe(title);
});

const word = fc.stringMatching(/^[a-z][a-z0-9 ]{0,20}[a-z0-9]$/);
const nasty = fc
  .oneof(
    fc
      .string({ unit: "binary", minLength: 1, maxLength: 60 })
      .filter((text) => !text.includes("\u0000") && text.isWellFormed()),
    fc
      .array(
        fc.oneof(
          word,
          fc.constantFrom(
            "# x",
            "### Summary",
            "- Impact level: low",
            "**Type**: x",
            "```",
            "```text",
            "````",
            "~~~",
            "    code",
            "",
            "---",
            "===",
            "1. a",
            "> q",
            "[x] y",
            "<div>",
            "\\# z",
            "\t tab",
            "trailing  ",
            "line\r",
            " leading",
            "&amp;",
            "| a | b |",
            "[ref]: x",
          ),
        ),
        { minLength: 1, maxLength: 6 },
      )
      .map((lines) => lines.join("\n")),
  )
  .filter((text) => text.trim() !== "");

function valuesOf(field: FormField): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case "boolean":
      return fc.boolean();
    case "number":
      return fc.integer();
    case "choice":
      return fc.constantFrom(...field.values!);
    case "components":
      return fc.uniqueArray(fc.constantFrom(...COMPONENTS), { minLength: 1 });
    case "date":
      return fc.constantFrom("2026-11-28", "2027-01-01");
    case "users":
      return fc.uniqueArray(fc.constantFrom("ada", "ben", "x.y-z"), { minLength: 1 });
    case "list":
      return fc.array(nasty, { minLength: 1, maxLength: 4 });
    default:
      return nasty;
  }
}

const artifact: fc.Arbitrary<Artifact> = fc.record({
  kind: fc.constant("migration" as const),
  id: word,
  name: word,
  up: nasty,
  down: fc.option(nasty, { nil: null }),
  transactional: fc.boolean(),
});

test.each([
  ["Markdown", itil],
  ["YAML", changeControl],
])("whatever a form says comes back from its %s file as it was", (_, process) => {
  const forms = fc.record(Object.fromEntries(process.form.fields.map((field) => [field.id, valuesOf(field)])), {
    requiredKeys: [],
  });
  fc.assert(
    fc.property(forms, fc.array(artifact, { maxLength: 2 }), (fields, artifacts) => {
      const text = writeRequest(process, process.template!, { fields, artifacts, number: "CR-1", requester: "ada" });
      const back = read(process, text);
      const unsaid = Object.fromEntries(
        Object.entries(back.fields).filter(([id, value]) => value !== false || fields[id] === false),
      );
      expect(back.problems).toEqual([]);
      expect(unsaid).toEqual(
        Object.fromEntries(
          Object.entries(fields).filter(
            ([id, value]) => value !== undefined && (value !== false || back.fields[id] === false),
          ),
        ),
      );
      expect(back.artifacts).toEqual(artifacts);
    }),
    { numRuns: 300 },
  );
});
