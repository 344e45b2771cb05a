import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { tablesOf } from "@change-mgmt/domain/process/check-tables.ts";
import { matches } from "@change-mgmt/domain/process/conditions.ts";
import { factsFor, gatherFacts } from "@change-mgmt/domain/process/facts.ts";
import type { Facts, Process } from "@change-mgmt/domain/process/process.ts";
import { tablesIn } from "@change-mgmt/domain/process/table.ts";
import { describe, expect, test } from "vitest";
import { loadCases, runCase, runCases, type WorkedCase } from "./cases.ts";
import { loadProcess } from "./process-file.ts";

const root = resolve(import.meta.dirname, "../../../../processes");
const names = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

async function read(name: string) {
  const loaded = await loadProcess(resolve(root, name));
  const cases = await loadCases(resolve(root, name));
  if (!loaded.ok || !cases.ok) throw new Error(`${name} cannot be read`);
  return { name, process: loaded.value.process, worked: cases.value };
}

const all = await Promise.all(names.map(read));
const folder = resolve(root, "data-layer");
const { process, worked } = all.find(({ name }) => name === "data-layer")!;

/** What is known in a worked example, before and for each environment. */
function factsOf(of: Process, { given }: WorkedCase): readonly Facts[] {
  const { environments = of.environments, artifacts, ...rest } = given;
  const facts = gatherFacts(of, { ...rest, environments, artifacts: artifacts.map((kind) => ({ kind })) });
  return [facts, ...environments.map((environment) => factsFor(of, facts, environment))];
}

describe.each(all)("$name", ({ process: of, worked: examples }) => {
  test.each(examples.map((example) => [example.id, example] as const))("%s", (_, example) => {
    expect(runCase(of, example).differences).toEqual([]);
  });

  test("there is an example of every type, every row of every table and every requirement", () => {
    const types = new Set(examples.map((example) => example.given.type));
    expect([...types].sort()).toEqual(expect.arrayContaining(of.types.map((type) => type.id).sort()));
    const known = examples.flatMap((example) => factsOf(of, example));
    const untold = tablesOf(of).flatMap((table) =>
      table.rows
        .filter((row) => !known.some((facts) => matches(row.when, facts)))
        .map((row) => `${row.id} of ${table.id}`),
    );
    expect(untold).toEqual([]);
    const expected = examples.flatMap((example) => Object.values(example.expect.approvals ?? {}).flat());
    const requirements = tablesIn(of.approvals).flatMap((table) =>
      table.rows.flatMap((row) => row.then.requirements.map((requirement) => requirement.id)),
    );
    const unasked = requirements.filter((id) => !expected.some((text) => text.split(" ")[0] === id));
    expect(unasked).toEqual([]);
  });

  test("every example and every answer says where it comes from", () => {
    const ids = examples.map((example) => example.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(examples.filter((example) => !/\d|ours|processes\.md/.test(example.source))).toEqual([]);
    const sources = tablesOf(of).flatMap((table) => table.rows.map((row) => row.source));
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
      checklist: { draft: ["something"] },
      windows: { production: { "2026-01-01T00:00:00Z": "FROZEN" } },
      way: ["submit: nowhere"],
      triggers: ["health"],
      number: { "1": "X-1" },
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
    "steps of draft",
    "window for production at 2026-01-01T00:00:00Z",
    "way",
    "triggers",
    "number 1",
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

test("tests can be expected by the moment they are due", () => {
  const [first] = worked;
  const due = { ...first!, expect: { tests: { "before-deployment": ["unit"] } } };
  expect(runCase(process, due).differences).toMatchObject([
    { what: "tests before-approval", expected: [], actual: ["unit"] },
    { what: "tests before-deployment", expected: ["unit"], actual: [] },
  ]);
});
