import { readdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { tablesIn } from "@change-mgmt/domain/process/table.ts";
import { describe, expect, test } from "vitest";
import { loadProcess, parseProcess } from "./process-file.ts";
import { processFileJsonSchema } from "./process-shape.ts";

const folder = resolve(import.meta.dirname, "../../../../processes/data-layer");
const text = await readFile(resolve(folder, "process.yaml"), "utf8");

/** The line and column (from 1) where a text stands in the file. */
function placeOf(part: string, file = "process.yaml") {
  const before = text.slice(0, text.indexOf(part)).split("\n");
  return { file, line: before.length, column: before.at(-1)!.length + 1 };
}

/** The problems of the process after one replacement, whether it was refused or found by the check. */
function problemsAfter(part: string, replacement: string) {
  expect(text).toContain(part);
  const outcome = parseProcess(text.replace(part, replacement), "process.yaml");
  return outcome.ok ? outcome.value.problems : (outcome.refusal.problems ?? []);
}

test("the data-layer process is read from its folder, has no problems and a hash that survives reading again", async () => {
  const first = await loadProcess(folder);
  const again = await loadProcess({ files: { "process.yaml": `# a comment\n${text}` } });
  expect(first).toMatchObject({ ok: true, value: { problems: [], process: { name: "data-layer", version: 2 } } });
  expect(first.ok && again.ok && again.value.hash === first.value.hash).toBe(true);
});

test("dimensions of the engine and the values of the type field are filled in, and everything keeps its place", async () => {
  const outcome = await loadProcess(folder);
  const process = outcome.ok ? outcome.value.process : undefined;
  expect(process?.dimensions.type?.values).toContain("add-field");
  expect(process?.dimensions.environment?.values).toEqual(["development", "staging", "production"]);
  expect(process?.form.fields.find((field) => field.id === "type")?.values).toContain("remove-table");
  const row = tablesIn(process?.approvals ?? [])
    .flatMap((table) => table.rows)
    .find((candidate) => candidate.id === "architecture");
  expect(row?.place).toEqual(placeOf("id: architecture\n", resolve(folder, "process.yaml")));
  expect(process?.stages[0]?.transitions[0]?.place).toMatchObject({ line: placeOf("{ on: submit").line });
});

test("a folder or file without a process is refused", async () => {
  expect(await loadProcess("/nowhere")).toMatchObject({ ok: false, refusal: { code: "PROCESS_NOT_FOUND" } });
  expect(await loadProcess({ files: {} })).toMatchObject({ refusal: { code: "PROCESS_NOT_FOUND" } });
  expect(await loadProcess(resolve(folder, "process.yaml"))).toMatchObject({ refusal: { code: "PROCESS_NOT_FOUND" } });
  await expect(loadProcess("bad\0name")).rejects.toThrow();
});

describe("mistakes are named with their place and the nearest right word", () => {
  test.each<[string, string, string, string | undefined]>([
    ["owner: data-layer team", "ownr: data-layer team", "KEY_UNKNOWN", 'Did you mean "owner"?'],
    ["on: submit,", "on: submitt,", "VALUE_INVALID", 'Did you mean "submit"?'],
    ["count: 1 }\n", "cuont: 1 }\n", "KEY_UNKNOWN", 'Did you mean "count"?'],
    ["from: { roles: [architect] }", "from: { roles: [architekt] }", "VALUE_INVALID", 'Did you mean "architect"?'],
    ["required: { touchesTables: true }", "required: { touchesTables: { a: 1 } }", "VALUE_INVALID", undefined],
    ["version: 2", "version: one", "VALUE_INVALID", undefined],
    ["effective: 2026-01-01", "effective: soon", "VALUE_INVALID", undefined],
    [
      "  breaking: { title: Breaking change",
      "  environment: { title: Breaking change",
      "DIMENSION_RESERVED",
      undefined,
    ],
    [
      "to: request-submission, gates: [form]",
      "to: request-submision, gates: [form]",
      "STAGE_UNKNOWN",
      'Did you mean "request-submission"?',
    ],
    ["required: { breaking: true }", "required: { braking: true }", "DIMENSION_UNKNOWN", 'Did you mean "breaking"?'],
    [
      "when: { type: api-endpoint }, then: { value: false }",
      "when: { type: api-endpont }, then: { value: false }",
      "VALUE_UNKNOWN",
      'Did you mean "api-endpoint"?',
    ],
    ["from: { field: stakeholders }", "from: { field: stakeholder }", "FIELD_UNKNOWN", 'Did you mean "stakeholders"?'],
    ["name: data-layer", "name: [data-layer", "YAML_SYNTAX", undefined],
  ])("%s", (part, replacement, code, hint) => {
    const found = problemsAfter(part, replacement).filter((problem) => problem.code === code);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]?.place).toMatchObject({
      file: "process.yaml",
      line: expect.any(Number),
      column: expect.any(Number),
    });
    if (code === "YAML_SYNTAX") return;
    // What the check finds is placed at the row, field or transition that holds it, a few lines above at most.
    const above = placeOf(part).line - Number(found[0]?.place?.line);
    expect([0, 4]).toContain(above);
    if (hint !== undefined) expect(found.map((problem) => problem.hint)).toContain(hint);
  });

  test("a key given twice, one that is missing, a file that is no map", () => {
    expect(problemsAfter("version: 2\n", "version: 2\nversion: 3\n")).toMatchObject([
      { code: "YAML_SYNTAX", place: { line: 5 } },
    ]);
    expect(problemsAfter("environments: [development, staging, production]", "")).toMatchObject([
      { code: "KEY_MISSING", message: '"environments" is missing' },
    ]);
    expect(parseProcess("just words", "process.yaml")).toMatchObject({
      ok: false,
      refusal: { code: "PROCESS_INVALID" },
    });
    expect(parseProcess("", "process.yaml")).toMatchObject({ ok: false, refusal: { code: "PROCESS_INVALID" } });
  });

  test("several mistakes are all said, and the sentence names the first and how many more", () => {
    const outcome = parseProcess(text.replace("owner:", "ownr:").replace("version: 2", "version: one"), "process.yaml");
    expect(outcome).toMatchObject({
      refusal: { message: expect.stringMatching(/^process\.yaml:\d+:\d+: .* \(and 2 more\)$/) },
    });
  });
});

describe("what would make the process unsafe is found", () => {
  test.each([
    [
      "a gap in a table",
      "when: { breaking: true }, then: { monitoringDays",
      "when: { breaking: false }, then: { monitoringDays",
      "TABLE_GAP",
    ],
    [
      "a stage that nobody leaves",
      "      - { on: rework, to: implementation }\n      - { on: cancel, to: cancelled }\n\n",
      "\n",
      "STAGE_DEAD_END",
    ],
    [
      "a way past approval",
      "- { on: submit, to: request-submission, gates: [form] }",
      "- { on: submit, to: request-submission, gates: [form] }\n      - { on: deploy, to: deploying, gates: [validated] }",
      "DEPLOYS_UNAPPROVED",
    ],
    [
      "a way past validation",
      "- { on: submit, to: request-submission, gates: [form] }",
      "- { on: submit, to: request-submission, gates: [form] }\n      - { on: deploy, to: deploying, gates: [approved] }",
      "DEPLOYS_UNVALIDATED",
    ],
  ])("%s", (_, part, replacement, code) => {
    const codes = problemsAfter(part, replacement).map((problem) => problem.code);
    expect(codes).toContain(code);
  });
});

test("the schema for editors knows every key", () => {
  expect(processFileJsonSchema).toMatchObject({ type: "object", additionalProperties: false });
  expect(processFileJsonSchema.required).toEqual(expect.arrayContaining(["name", "stages", "approvals", "rollback"]));
});

test("the schema for editors is the one that is published, and each process names it", async () => {
  const published = await readFile(resolve(folder, "../process.schema.json"), "utf8");
  expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(processFileJsonSchema)));
  for (const entry of await readdir(resolve(folder, ".."), { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const own = await readFile(resolve(folder, "..", entry.name, "process.yaml"), "utf8");
    expect(own.split("\n")[0]).toBe("# yaml-language-server: $schema=../process.schema.json");
  }
});
