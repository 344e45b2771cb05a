import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { holdsSecret, resolveReference } from "./reference.ts";
import { loadWorkspaceFile, workspaceFileJsonSchema } from "./workspace-file.ts";

const name = "change-mgmt.yaml";
const text = `workspace: shop
teams:
  - { name: core, title: Core }
components:
  - name: users
    path: packages/users
    team: core
environments:
  - { name: staging, database: "\${STAGING_DATABASE_URL}", lockTimeoutMs: 500 }
  - { name: production, database: embedded:production }
commands:
  announce:
    run: [node, announce.mjs]
`;

/** The problems of the file after one replacement. */
function problemsAfter(part: string, replacement: string) {
  expect(text).toContain(part);
  const outcome = loadWorkspaceFile(text.replace(part, replacement), name);
  return outcome.ok ? [] : (outcome.refusal.problems ?? []);
}

test("a file is read with its defaults, and a database stays a reference", () => {
  expect(loadWorkspaceFile(text, name)).toEqual({
    ok: true,
    value: {
      workspace: "shop",
      process: "data-layer",
      teams: [{ name: "core", title: "Core" }],
      components: [{ name: "users", path: "packages/users", team: "core" }],
      environments: [
        {
          name: "staging",
          database: `\${STAGING_DATABASE_URL}`,
          lockTimeoutMs: 500,
          statementTimeoutMs: 0,
          retries: 5,
        },
        { name: "production", database: "embedded:production", lockTimeoutMs: 3000, statementTimeoutMs: 0, retries: 5 },
      ],
      commands: { announce: { run: ["node", "announce.mjs"], workingFolder: ".", timeoutSeconds: 600 } },
    },
  });
});

test("the example's file is fine", async () => {
  const example = await readFile(resolve(import.meta.dirname, "../../../../examples/shop/change-mgmt.yaml"), "utf8");
  expect(loadWorkspaceFile(example, name)).toMatchObject({ ok: true, value: { process: "data-layer" } });
});

test.each<[string, string, string, string, number]>([
  ["path: packages/users", "pth: packages/users", "KEY_UNKNOWN", 'Did you mean "path"?', 6],
  ["team: core", "team: cor", "TEAM_UNKNOWN", 'Did you mean "core"?', 7],
  ["embedded:production", "embedded production", "DATABASE_REFERENCE_INVALID", "STAGING_DATABASE_URL", 10],
  ["embedded:production", "postgres://db/shop", "DATABASE_REFERENCE_INVALID", "STAGING_DATABASE_URL", 10],
  ["embedded:production", `"\${DATABASE_URL}"`, "TARGET_IS_STORE", "another variable", 10],
  ["name: production", "name: staging", "DUPLICATE_NAME", "own name", 10],
  ["lockTimeoutMs: 500", "lockTimeoutMs: soon", "VALUE_INVALID", "", 9],
  ["run: [node, announce.mjs]", "run: node announce.mjs", "VALUE_INVALID", "", 13],
  ["run: [node, announce.mjs]", "runs: [node, announce.mjs]", "KEY_UNKNOWN", 'Did you mean "run"?', 13],
  ["workspace: shop", "workspace: a shop", "VALUE_INVALID", "", 1],
])("%s → %s", (part, replacement, code, hint, line) => {
  const found = problemsAfter(part, replacement).find((problem) => problem.code === code);
  expect(found).toMatchObject({
    place: { file: name, line, column: expect.any(Number) },
    hint: expect.stringContaining(hint),
  });
});

describe("secrets", () => {
  test.each([
    ["embedded:production", "postgres://app:hunter2@db/shop", 10],
    ["embedded:production", '"postgres://db/shop?password=hunter2"', 10],
    ["embedded:production", '"host=db password=hunter2"', 10],
    ["[node, announce.mjs]", "[node, announce.mjs, --token=hunter2]", 13],
    ["workspace: shop", "note: postgres://app:hunter2@db/shop", 1],
  ])("%s → %s is refused without repeating it", (part, replacement, line) => {
    const outcome = loadWorkspaceFile(text.replace(part, replacement), name);
    expect(outcome).toMatchObject({ ok: false, refusal: { code: "SECRET_IN_CONFIGURATION", place: { line } } });
    expect(JSON.stringify(outcome)).not.toContain("hunter2");
  });

  test.each([
    [`postgres://app:\${PASSWORD}@db/shop`, false],
    [`\${DATABASE_URL}`, false],
    ["postgres://db:5432/shop", false],
    ["postgres://app@db/shop", false],
    [`--token=\${TOKEN}`, false],
    ["postgres://app:x@db/shop", true],
  ])("%s holds a secret: %s", (value, holds) => {
    expect(holdsSecret(value)).toBe(holds);
  });
});

test("references are resolved at the time of use, and all that are missing are named", () => {
  expect(resolveReference(`postgres://\${USER}:\${PASSWORD}@db`, { USER: "app", PASSWORD: "$&" })).toEqual({
    ok: true,
    value: "postgres://app:$&@db",
  });
  expect(resolveReference(`\${constructor}`, {})).toMatchObject({ refusal: { code: "REFERENCE_UNSET" } });
  expect(resolveReference("embedded:staging", {})).toEqual({ ok: true, value: "embedded:staging" });
  expect(resolveReference(`\${A}\${B}\${A}`, { B: "" })).toMatchObject({
    refusal: { code: "REFERENCE_UNSET", message: "Not set: A, B.", details: { variables: ["A", "B"] } },
  });
});

test("the schema for editors knows every key and asks only for what has no default", () => {
  expect(workspaceFileJsonSchema).toMatchObject({
    type: "object",
    required: ["workspace"],
    additionalProperties: false,
    properties: {
      environments: { items: { required: ["name", "database"], properties: { retries: { default: 5 } } } },
    },
  });
});

const watching = (measure: string) =>
  problemsAfter("embedded:production", `embedded:production, watch: [{ ${measure} }]`);

test.each<[string]>([
  ["metric: health, http: https://shop.example/healthz"],
  ["metric: response-time, http: 'http://localhost:8080'"],
  ["metric: error-rate, promql: sum(up), address: 'http://metrics:9090'"],
  ["metric: alerts, sql: SELECT 0, atLeast: 1"],
  ["metric: replication-lag, statistics: true"],
])("a metric is measured by %s", (measure) => {
  expect(watching(measure)).toEqual([]);
});

test.each<[string, string]>([
  ["metric: health", "exactly one of"],
  ["metric: health, http: https://shop.example, sql: SELECT 1", "exactly one of"],
  ["metric: alerts, http: https://shop.example", "http measures health"],
  ["metric: health, statistics: true", "statistics measure"],
  ["metric: alerts, promql: up", "said together"],
  ["metric: alerts, sql: SELECT 0, address: https://shop.example", "said together"],
  ["metric: health, http: ftp://shop.example", "begins with http"],
  ["metric: health, http: 'https://'", "begins with http"],
  ["metric: alerts, sql: SELECT 0 }, { metric: alerts, statistics: true", "in one way"],
])("%s measures nothing", (measure, message) => {
  const problems = watching(measure);
  expect(problems.map((problem) => problem.message).join(" ")).toContain(message);
  expect(problems[0]!.place?.line).toBe(10);
});

test("an address of a measure holds no password", () => {
  expect(watching("metric: health, http: 'https://me:secret@shop.example'")[0]!.code).toBe("SECRET_IN_CONFIGURATION");
});
