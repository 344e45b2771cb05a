import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { tablesOf } from "@change-mgmt/domain/process/check-tables.ts";
import { tablesIn } from "@change-mgmt/domain/process/table.ts";
import { describe, expect, test } from "vitest";
import { loadCases, runCase, runCases } from "./cases.ts";
import { loadProcess } from "./process-file.ts";

const folder = resolve(import.meta.dirname, "../../../../processes/data-layer");
const loaded = await loadProcess(folder);
if (!loaded.ok) throw new Error(loaded.refusal.message);
const { process } = loaded.value;
const cases = await loadCases(folder);
const worked = cases.ok ? cases.value : [];

describe("data-layer", () => {
  test.each(worked.map((example) => [example.title, example] as const))("%s", (_, example) => {
    expect(runCase(process, example).differences).toEqual([]);
  });

  test("there is an example of every type, both values of breaking, every requirement, and each says where it comes from", () => {
    const types = new Set(worked.map((example) => example.given.type));
    expect([...types].sort()).toEqual(process.types.map((type) => type.id).sort());
    const expected = worked.flatMap((example) => Object.values(example.expect.approvals ?? {}).flat());
    const requirements = tablesIn(process.approvals).flatMap((table) =>
      table.rows.flatMap((row) => row.then.requirements.map((requirement) => requirement.id)),
    );
    for (const id of requirements) expect(expected.some((text) => text.startsWith(id))).toBe(true);
    expect(new Set(worked.map((example) => example.expect.facts?.breaking))).toEqual(new Set([true, false, undefined]));
    expect(worked.every((example) => example.source.trim() !== "")).toBe(true);
  });

  test("every answer it gives says where it comes from", () => {
    const sources = tablesOf(process).flatMap((table) => table.rows.map((row) => row.source));
    expect(sources).not.toContain(undefined);
  });
});

test("an example that the process contradicts says what was expected and what came", async () => {
  const text = (await readFile(resolve(folder, "cases.yaml"), "utf8"))
    .replace("route: core", "route: front")
    .replace("- templates\n", "");
  const results = await runCases(process, { files: { "cases.yaml": text } });
  const failed = results.ok ? results.value.filter((result) => !result.ok) : [];
  expect(failed).toMatchObject([
    {
      id: "simple-add-field",
      differences: [{ what: "route", expected: "front", actual: "core" }, { what: "steps" }],
      place: { file: "cases.yaml", line: 3 },
    },
  ]);
});

test("each part of an expectation is really compared", () => {
  const [first] = worked;
  const wrong = {
    ...first!,
    expect: {
      facts: { breaking: true, unheard: "x" },
      form: ["FIELD_REQUIRED /fields/title"],
      route: "nobody",
      steps: [],
      stepsInclude: ["nothing"],
      stepsLeaveOut: ["templates"],
      approvals: { production: ["somebody"] },
      tests: ["none"],
      rollback: { rehearsed: "required" as const, procedure: [] },
      afterwards: { monitoringDays: 99, obligations: ["x"] },
    },
  };
  expect(runCase(process, wrong).differences.map((difference) => difference.what)).toEqual([
    "fact breaking",
    "fact unheard",
    "form",
    "route",
    "steps",
    "step nothing",
    "step templates",
    "approvals for production",
    "tests",
    "rollback rehearsed",
    "rollback procedure",
    "monitoring days",
    "obligations",
  ]);
});

test("a file of examples that cannot be read is refused", async () => {
  expect(await runCases(process, "/nowhere")).toMatchObject({ refusal: { code: "PROCESS_NOT_FOUND" } });
  expect(await loadCases({ files: { "cases.yaml": "cases: [" } })).toMatchObject({
    refusal: { code: "CASES_INVALID" },
  });
  expect(await loadCases({ files: { "cases.yaml": "casses: []" } })).toMatchObject({
    refusal: {
      code: "CASES_INVALID",
      problems: expect.arrayContaining([expect.objectContaining({ hint: 'Did you mean "cases"?' })]),
    },
  });
});
