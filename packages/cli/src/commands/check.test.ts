import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CheckDocument } from "@change-mgmt/api/check.ts";
import { expect, test } from "vitest";
import { bare, freshFolder, type LineOptions, runLine } from "../testing/run-line.ts";

function aRepository(files: Record<string, string>): string {
  const folder = freshFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function check(cwd: string, words: readonly string[] = [], options: LineOptions = {}) {
  const env = { XDG_CACHE_HOME: join(tmpdir(), "change-mgmt-test-cache"), HOME: freshFolder() };
  return runLine(["check", ...words], { token: null, cwd, env, ...options });
}

const GOOSE = {
  "db/00001_users.sql":
    "-- +goose Up\ncreate table users (id int primary key, nick text);\n-- +goose Down\ndrop table users;\n",
  "db/00002_nick.sql":
    "-- +goose Up\nalter table users alter column nick type varchar(10);\n-- +goose Down\nalter table users alter column nick type text;\n",
};
const BROKEN = { "migrations/1_a.up.sql": "select 1;\n  slect 'é';\n" };

test("says of each migration what it locks and rewrites and whether its way back restores, and leaves the repository as it was", async () => {
  const cwd = aRepository(GOOSE);
  const said = await check(cwd);
  expect(said).toMatchObject({ code: 1, stderr: "" });
  expect(said.stdout).toContain("db · goose · 2 migrations");
  expect(said.stdout).toContain("✓ db/00001_users.sql · 1 statement · way back exact");
  expect(said.stdout).toContain(
    "2 alter table: locks public.users (ACCESS EXCLUSIVE: nobody else reads or writes); rewrites public.users",
  );
  const json = await check(cwd, ["--json"]);
  expect(CheckDocument.parse(json.json())).toMatchObject({ ok: false, summary: { ran: 2, errors: 1 } });
  expect(said.stdout).toContain(
    "error users.nick changes its type from text to character varying(10): users is rewritten, and nobody reads or writes it meanwhile [change-column-type, breaking] db/00002_nick.sql:2:42",
  );
  expect(said.stdout).toMatch(/2 migrations: 2 ran on PostgreSQL \d+\.\d+ \(embedded\)/);
  expect(readdirSync(cwd)).toEqual(["db"]);
});

test("shows the way back that could be written where there is none, what it brings back and what it does not", async () => {
  const cwd = aRepository({
    "migrations/1_a.sql": "create table a (x int, y text);\n",
    "migrations/1_a.down.sql": "drop table a;\n",
    "migrations/2_b.sql": "alter table a drop column y;\n",
  });
  const said = await check(cwd, ["--propose"]);
  expect(said.stdout).toContain("proposed way back, rehearsed: the schema is as before");
  expect(said.stdout).toContain("    lossy: public.a.y: restores the column, not its values\n");
  expect(said.stdout).toContain("    ALTER TABLE public.a ADD COLUMN y text;\n");
  const { files } = CheckDocument.parse((await check(cwd, ["--propose", "--json"])).json());
  expect(files.map(({ proposal }) => proposal?.rehearsal?.outcome)).toEqual([undefined, "exact"]);
  expect(readdirSync(join(cwd, "migrations"))).toHaveLength(3);
});

test("shows what is wrong in its line, with exit code 1; colours on a terminal only", async () => {
  const cwd = aRepository(BROKEN);
  const said = await check(cwd, ["--text-only"]);
  expect(said.code).toBe(1);
  expect(said.stdout).toContain(`Postgres cannot read this SQL: syntax error at or near "slect".`);
  expect(said.stdout).toContain("[sql-invalid] migrations/1_a.up.sql:2:3");
  expect(said.stdout).toContain("      2 |   slect 'é';\n        |   ^\n");
  expect(said.stdout).toContain("✗ 1 migration: read, not run; 1 error");
  expect(bare(said.stdout)).toBe(said.stdout);
  const coloured = await check(cwd, ["--text-only"], { terminal: true });
  expect(bare(coloured.stdout)).not.toBe(coloured.stdout);
});

test("--json and --format=json are one document with ok, engine, files and findings", async () => {
  const cwd = aRepository(BROKEN);
  const [json, format, spaced] = await Promise.all([
    check(cwd, ["--text-only", "--json"]),
    check(cwd, ["--text-only", "--format=json"]),
    check(cwd, ["--text-only", "--format", "json"]),
  ]);
  expect(json).toMatchObject({ code: 1, stderr: "" });
  expect([format.stdout, spaced.stdout]).toEqual([json.stdout, json.stdout]);
  expect(CheckDocument.parse(json.json())).toMatchObject({
    ok: false,
    engine: { name: "none", postgres: null },
    files: [
      {
        path: "migrations/1_a.up.sql",
        tool: "golang-migrate",
        findings: [{ rule: "sql-invalid", severity: "error", breaking: false, line: 2, column: 3 }],
        rehearsal: { up: { outcome: "fails", line: 2 }, down: { outcome: "absent" } },
      },
    ],
  });
});

test("SARIF, GitHub, GitLab and JUnit name file, line and rule", async () => {
  const cwd = aRepository({ ...BROKEN, "migrations/2_b.up.sql": "begin; select 1; commit; -- 100% <b>\nselect 2;\n" });
  const [sarif, github, gitlab, junit] = await Promise.all(
    ["sarif", "github", "gitlab", "junit"].map((format) => check(cwd, ["--text-only", `--format=${format}`])),
  );
  expect([sarif, github, gitlab, junit].map((said) => said!.code)).toEqual([1, 1, 1, 1]);
  const run = (sarif!.json().runs as { tool: { driver: { rules: unknown } }; results: unknown[] }[])[0]!;
  expect(run.tool.driver.rules).toEqual([{ id: "own-transactions" }, { id: "sql-invalid" }]);
  expect(run.results[0]).toMatchObject({
    ruleId: "sql-invalid",
    level: "error",
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: "migrations/1_a.up.sql" },
          region: { startLine: 2, startColumn: 3 },
        },
      },
    ],
  });
  expect(github!.stdout).toContain(
    "::error file=migrations/1_a.up.sql,line=2,col=3,title=sql-invalid::Postgres cannot",
  );
  expect(github!.stdout).toContain("::warning file=migrations/2_b.up.sql,line=1,col=1,title=own-transactions::");
  const issues = JSON.parse(gitlab!.stdout) as { fingerprint: string }[];
  expect(issues).toMatchObject([
    {
      check_name: "sql-invalid",
      severity: "critical",
      location: { path: "migrations/1_a.up.sql", lines: { begin: 2 } },
    },
    { check_name: "own-transactions", severity: "minor" },
  ]);
  expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  expect(junit!.stdout).toContain('<testsuites tests="2" failures="1" errors="0" skipped="1">');
  expect(junit!.stdout).toContain(
    '<failure type="sql-invalid" message="Postgres cannot read this SQL: syntax error at or near &quot;slect&quot;.">',
  );
});

test("--write-baseline writes what is known, and --baseline says it no more", async () => {
  const cwd = aRepository({ "migrations/1_a.up.sql": "begin; select 1; commit;\nselect 2;\n" });
  const written = await check(cwd, ["--text-only", "--write-baseline=known.json"]);
  expect(written.code).toBe(0);
  expect(JSON.parse(readFileSync(join(cwd, "known.json"), "utf8"))).toMatchObject({
    version: 1,
    findings: [{ file: "migrations/1_a.up.sql", rule: "own-transactions" }],
  });
  const later = await check(cwd, ["--text-only", "--baseline=known.json"]);
  expect(later.stdout).toContain("1 more finding is in the baseline");
  expect(later.stdout).not.toContain("own-transactions");
});

test.each([
  [[], 3, "MIGRATIONS_NOT_FOUND"],
  [["gone"], 2, "PATH_NOT_FOUND"],
  [["--format=xml"], 2, "USAGE"],
  [["--newest=0"], 2, "USAGE"],
  [["--baseline=a", "--write-baseline=b"], 2, "USAGE"],
  [["--text-only", "--propose"], 2, "USAGE"],
  [["--baseline=gone.json"], 3, "FILE_UNREADABLE"],
] as const)("%j without a migration is exit code %i with %s", async (words, code, problem) => {
  const said = await check(freshFolder(), [...words, "--json"]);
  expect(said.code).toBe(code);
  expect(said.json()).toMatchObject({ ok: false, problem: { code: problem } });
});

test("the schema of its document is published", async () => {
  const help = await runLine(["help", "check", "--json"], { token: null });
  const published = join(import.meta.dirname, "../../../../docs/check.schema.json");
  await expect(`${JSON.stringify(help.json().schema, null, 2)}\n`).toMatchFileSnapshot(published);
});

const SETTLED = `workspace: shop
check:
  paths: [db]
  newest: 1
  rules:
    change-column-type: warning
`;

test("does what the repository's change-mgmt.yaml settles, from any folder below it, and the command line goes before it", async () => {
  const cwd = aRepository({ ...GOOSE, ...BROKEN, "change-mgmt.yaml": SETTLED, "web/readme.txt": "" });
  const settled = CheckDocument.parse((await check(join(cwd, "web"), ["--json"])).json());
  expect(settled).toMatchObject({ ok: true, histories: [{ rehearsed: 1 }], summary: { errors: 0 } });
  const { findings } = settled.files.at(-1)!;
  expect(findings).toContainEqual(expect.objectContaining({ rule: "change-column-type", severity: "warning" }));
  const all = await check(cwd, [".", "--newest=5", "--text-only", "--json"]);
  expect(all).toMatchObject({ code: 1 });
  expect(CheckDocument.parse(all.json()).histories).toHaveLength(2);

  writeFileSync(
    join(cwd, "change-mgmt.yaml"),
    SETTLED.replace("change-column-type: warning", "change-column-type: off"),
  );
  const off = CheckDocument.parse((await check(cwd, ["--text-only", "--json"])).json());
  expect(off.files.flatMap((file) => file.findings.map(({ rule }) => rule))).not.toContain("change-column-type");
});

test.each([
  ["a rule that there is not", "change-column-typ: off", "RULE_UNKNOWN", 'Did you mean "change-column-type"?'],
  ["a weight that is none", "change-column-type: fatal", "WORKSPACE_INVALID", "change-mgmt.yaml:6:"],
])("is refused where change-mgmt.yaml says %s", async (_, rule, code, words) => {
  const cwd = aRepository({
    ...GOOSE,
    "change-mgmt.yaml": SETTLED.replace("change-column-type: warning", rule),
  });
  const said = await check(cwd, ["--text-only", "--json"]);
  expect(said).toMatchObject({ code: 3 });
  expect(said.json()).toMatchObject({ ok: false, problem: { code } });
  expect(said.stdout).toContain(words.replaceAll('"', '\\"'));
});
