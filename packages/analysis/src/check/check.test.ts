import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RULES } from "@change-mgmt/domain/schema/rules/all.ts";
import { describe, expect, test } from "vitest";
import { aRepository } from "../testing/repository.ts";
import { readBaseline, writeBaseline } from "./baseline.ts";
import { type CheckRequest, check } from "./check.ts";
import type { CheckReport } from "./report.ts";

const cacheFolder = join(tmpdir(), "change-mgmt-test-cache");

async function outcome(cwd: string, more: Partial<CheckRequest> = {}) {
  const usual = {
    paths: [],
    textOnly: true,
    base: null,
    newest: 30,
    baseline: null,
    targetMajor: null,
    server: null,
    statementMs: 30_000,
    totalMs: 120_000,
  };
  return check({ cwd, cacheFolder, textCache: null, ...usual, ...more });
}

async function checked(
  files: Record<string, string | Uint8Array>,
  more: Partial<CheckRequest> = {},
): Promise<CheckReport> {
  return reportOf(aRepository(files), more);
}

async function reportOf(cwd: string, more: Partial<CheckRequest> = {}): Promise<CheckReport> {
  const report = await outcome(cwd, more);
  if (!report.ok) throw new Error(`${report.refusal.code}: ${report.refusal.message}`);
  const files = report.value.files.map((file) => ({
    ...file,
    findings: file.findings.filter(({ rule }) => !RULES_OF_JUDGEMENT.has(rule)),
  }));
  return { ...report.value, files };
}

/** The rules are tried by themselves on their own examples; here it is about everything else. */
const RULES_OF_JUDGEMENT: ReadonlySet<string> = new Set(
  RULES.map(({ id }) => id).filter((id) => id !== "transaction-control" && id !== "drop-column"),
);

/** Rule, line and column of each finding of the only file. */
function findingsOf(report: CheckReport) {
  expect(report.files).toHaveLength(1);
  return report.files[0]!.findings.map(({ rule, line, column }) => [rule, line, column]);
}

const rehearsing = { textOnly: false };

describe("run", () => {
  test("each statement tells its locks, and the way back is compared, in the lines of the file", async () => {
    const report = await checked(
      {
        "db/00001_users.sql":
          "-- +goose Up\ncreate table users (id int primary key);\n-- +goose Down\ndrop table users;\n",
        "db/00002_nick.sql":
          "-- +goose Up\n\nalter table users add column nick text;\ncreate table other (a int);\n-- +goose Down\ndrop table other;\n",
      },
      rehearsing,
    );
    expect(report).toMatchObject({
      ok: false,
      engine: { name: "pglite", postgres: expect.stringMatching(/^\d+\.\d+$/) },
    });
    const [first, second] = report.files;
    expect(first).toMatchObject({
      path: "db/00001_users.sql",
      tool: "goose",
      transactional: true,
      findings: [],
      rehearsal: { up: { outcome: "ok", line: null, reason: null }, down: { outcome: "exact" } },
    });
    expect(second!.statements).toMatchObject([
      {
        line: 3,
        kind: "alter_table",
        outcome: "ok",
        source: "measured",
        locks: [{ relation: "public.users", mode: "AccessExclusiveLock" }],
      },
      { line: 4, kind: "create_table", locks: [] },
    ]);
    expect(second!.rehearsal.down).toMatchObject({ outcome: "differs" });
    expect(second!.findings).toMatchObject([{ rule: "down-differs", severity: "error", line: 6, column: 1 }]);
  });

  test("what fails is an error at its statement, and what comes after it is not rehearsed", async () => {
    const report = await checked(
      {
        "supabase/migrations/1_a.sql": "select 1;\n  select nothing from nowhere;",
        "supabase/migrations/2_b.sql": "select 1;",
      },
      rehearsing,
    );
    expect(report.ok).toBe(false);
    expect(report.summary).toMatchObject({ ran: 0, failed: 1, notRehearsed: 1, errors: 1 });
    expect(report.files[0]).toMatchObject({
      findings: [{ rule: "up-fails", line: 2, column: 3 }],
      rehearsal: { up: { outcome: "fails", line: 2 }, down: { outcome: "not-rehearsable" } },
    });
    expect(report.files[1]!.rehearsal.up).toMatchObject({
      outcome: "not-rehearsable",
      reason: expect.stringContaining("1_a.sql"),
    });
  });

  test("only the newest run one by one, on the state that the others make", async () => {
    const files = {
      "migrations/1.up.sql": "create table a (id int);",
      "migrations/2.up.sql": "alter table a add b int;",
      "migrations/3.up.sql": "alter table a add c int;",
    };
    const report = await checked(files, { ...rehearsing, newest: 1 });
    expect(report.ok).toBe(true);
    expect(report.files.map(({ rehearsal }) => rehearsal.up.outcome)).toEqual([
      "not-rehearsable",
      "not-rehearsable",
      "ok",
    ]);
    expect(report.histories).toMatchObject([
      { migrations: 3, checked: 3, rehearsed: 1, notes: [expect.stringContaining("newest 1 of 3")] },
    ]);
    const [only] = (await checked(files, { ...rehearsing, paths: ["migrations/2.up.sql"] })).files;
    expect(only).toMatchObject({
      path: "migrations/2.up.sql",
      rehearsal: { up: { outcome: "ok" }, down: { outcome: "absent" } },
    });
  });

  test("transactions of the file's own are kept, and said; one in a tool's transaction is refused", async () => {
    const text = "begin;\ncreate table a (id int);\ncommit;\nbegin;\ncreate table b (id int);\ncommit;\n";
    const own = await checked({ "supabase/migrations/1_a.sql": text }, rehearsing);
    expect(own.files[0]).toMatchObject({ transactional: false, rehearsal: { up: { outcome: "ok" } } });
    expect(own.files[0]!.findings.map(({ rule }) => rule)).toContain("own-transactions");
    const goose = await checked({ "db/1_a.sql": `-- +goose Up\n${text}` }, rehearsing);
    expect(goose.files[0]).toMatchObject({
      findings: [{ rule: "transaction-control", line: 4, column: 1 }],
      rehearsal: { up: { outcome: "fails", line: 4 } },
    });
  });

  test("SQL of another database and scripts are left out with their reasons", async () => {
    const report = await checked(
      {
        "migrations/1_a.sql": "create table a (id int);",
        "migrations/2_events.sql": "CREATE TABLE events (id UInt64) ENGINE = MergeTree ORDER BY id;",
        "migrations/3_b.sql": "alter table a add b int;",
        "knex/20240101000000_x.js": "exports.up = (knex) => knex.schema.createTable('t', () => {});",
      },
      rehearsing,
    );
    expect(report.ok).toBe(true);
    expect(report.files.map(({ path, rehearsal }) => [path, rehearsal.up.outcome])).toEqual([
      ["knex/20240101000000_x.js", "not-rehearsable"],
      ["migrations/1_a.sql", "ok"],
      ["migrations/2_events.sql", "not-rehearsable"],
      ["migrations/3_b.sql", "ok"],
    ]);
    expect(report.files[2]!.findings).toMatchObject([{ rule: "other-database", severity: "info" }]);
  });
});

describe("read", () => {
  test.each<[string, string | Uint8Array, unknown[]]>([
    ["a byte order mark", "\uFEFFselect 1;", [["byte-order-mark", 1, 1]]],
    [
      "CRLF and characters of several bytes before a mistake",
      "select 'é🐘';\r\nselect 'é🐘' x y;\r\n",
      [["sql-invalid", 2, 15]],
    ],
    ["bytes that are no UTF-8", Buffer.from("select 1;\nselect 'caf\xe9';", "latin1"), [["not-utf8", 2, 12]]],
    ["UTF-16", Buffer.from("\uFEFFselect 1;", "utf16le"), [["not-utf8", 1, 1]]],
    ["more than is read", Buffer.alloc(4 * 1024 * 1024 + 1, "-"), [["file-too-large", 1, 1]]],
    ["no statement", "-- nothing\n", [["empty-migration", 1, 1]]],
    ["harmless words to psql", "\\restrict abc\nselect 1;\n\\unrestrict abc\n", []],
    ["commands of psql", "select 1;\n\\connect other\nselect 1;\n", [["sql-psql-command", 2, 1]]],
    [
      "CONCURRENTLY in a transaction of the file's own",
      "begin;\ndrop index concurrently i;\ncommit;",
      [["not-in-transaction", 2, 1]],
    ],
    ["a COMMIT without BEGIN", "select 1;\n  commit;\nselect 2;", [["transaction-control", 2, 3]]],
    ["parentheses without end", `select ${"(".repeat(200_000)}`, [["sql-invalid", 1, expect.any(Number)]]],
    ["a chain without end", `select ${"1 + ".repeat(100_000)}1;`, [["sql-invalid", 1, 1]]],
    [
      "a function of 200 kB",
      `create function f() returns void language plpgsql as $x$ begin ${"perform 1;\n".repeat(20_000)} end $x$;`,
      [],
    ],
  ])("%s", async (_, text, expected) => {
    expect(findingsOf(await checked({ "migrations/1_a.sql": text }))).toEqual(expected);
  });

  test("names that are no times, and versions that stand twice", async () => {
    const files = {
      "supabase/migrations/20250416155760_a.sql": "select 1;",
      "supabase/migrations/20250416155760_b.sql": "select 1;",
    };
    const { files: found, ok } = await checked(files);
    expect(ok).toBe(true);
    expect(found.map(({ findings }) => findings.map(({ rule }) => rule))).toEqual([
      ["version-not-a-time"],
      ["duplicate-version", "version-not-a-time"],
    ]);
    const goose = await checked({ "db/1_a.sql": "-- +goose Up\nselect 1;", "db/001_b.sql": "-- +goose Up\nselect 1;" });
    expect(goose.ok).toBe(false);
  });

  test("nothing is said of what was not run but that it was not", async () => {
    const report = await checked({ "migrations/1.up.sql": "select 1;", "migrations/1.down.sql": "select 1;" });
    expect(report).toMatchObject({ ok: true, engine: { name: "none", postgres: null, mismatch: null } });
    expect(report.files[0]).toMatchObject({
      statements: [{ line: 1, kind: "select", outcome: "not-run", source: "read" }],
      rehearsal: { up: { outcome: "not-rehearsable" }, down: { outcome: "not-rehearsable", data: "not-checked" } },
    });
  });
});

describe("allowed and known", () => {
  const text = "-- change-mgmt: allow own-transactions because it is old\nbegin;\nselect 1;\ncommit;\nselect 2;";

  test("a waiver with a reason silences its rule there, and is named with it", async () => {
    const [file] = (await checked({ "migrations/1_a.sql": text })).files;
    expect(file).toMatchObject({
      findings: [],
      waived: [{ rule: "own-transactions", reason: "it is old", waivedAt: 1 }],
    });
  });

  test.each([
    ["without a reason", "-- change-mgmt: allow own-transactions", ["own-transactions", "waiver-without-reason"]],
    ["that cannot be read", "-- change-mgmt: forgive us because", ["own-transactions", "waiver-unreadable"]],
    ["for another rule", "-- change-mgmt: allow drop-column because", ["own-transactions", "waiver-without-reason"]],
  ])("a waiver %s is a finding", async (_, waiver, expected) => {
    const report = await checked({ "migrations/1_a.sql": text.replace(/^.*/, waiver) });
    expect(report.files[0]!.findings.map(({ rule }) => rule)).toEqual(expected);
  });

  test("a waiver that nothing needs is a finding once the migration was run", async () => {
    const unneeded = "-- change-mgmt: allow drop-column because nobody reads it\nselect 1;";
    expect(findingsOf(await checked({ "migrations/1_a.sql": unneeded }))).toEqual([]);
    const run = await checked({ "migrations/1_a.sql": unneeded }, rehearsing);
    expect(run.files[0]!.findings.map(({ rule }) => rule)).toContain("waiver-unused");
  });

  test("a baseline knows findings though lines above them move, and no others", async () => {
    const bad = "select 1;\ncommit;\nselect 1;\n";
    const before = await checked({ "migrations/1_a.sql": bad });
    const baseline = readBaseline(writeBaseline(before.files), "baseline.json");
    if (!baseline.ok) throw new Error(baseline.refusal.message);
    const after = await checked(
      { "migrations/1_a.sql": `-- a line more\n${bad}`, "migrations/2_b.sql": bad },
      { baseline: baseline.value },
    );
    expect(after.files.map(({ findings, known }) => [findings.length, known])).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect(readBaseline("{}", "baseline.json")).toMatchObject({ ok: false, refusal: { code: "BASELINE_INVALID" } });
  });
});

describe("a range of git", () => {
  function repository() {
    const folder = aRepository({
      "migrations/1_a.sql": "select 1;\n",
      "migrations/2_b.sql": "select 'two';\nselect 'lines';\n",
    });
    const git = (...words: string[]) =>
      execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", ...words], {
        cwd: folder,
        stdio: "pipe",
      });
    git("init", "-q", "-b", "main");
    git("add", ".");
    git("commit", "-q", "-m", "first");
    return { folder, git };
  }

  test("looks only at what it adds, changes or renames, tracked or not", async () => {
    const { folder, git } = repository();
    git("checkout", "-q", "-b", "branch");
    expect((await reportOf(folder, { base: "main" })).files).toEqual([]);
    writeFileSync(join(folder, "migrations/3_c.sql"), "select 3;\n");
    git("add", ".");
    git("commit", "-q", "-m", "second");
    writeFileSync(join(folder, "migrations/0_z.sql"), "select 0;\n");
    writeFileSync(join(folder, "migrations/1_a.sql"), "select 11;\n");
    renameSync(join(folder, "migrations/2_b.sql"), join(folder, "migrations/2_bb.sql"));
    git("add", "-A", "migrations/2_b.sql", "migrations/2_bb.sql");
    const { files } = await reportOf(folder, { base: "main" });
    expect(files.map(({ path, findings }) => [path, findings.map(({ rule }) => rule)])).toEqual([
      ["migrations/0_z.sql", ["out-of-order"]],
      ["migrations/1_a.sql", ["changed-migration"]],
      ["migrations/2_bb.sql", ["changed-migration"]],
      ["migrations/3_c.sql", []],
    ]);
    expect(files[2]!.findings[0]!.message).toContain("renamed from 2_b.sql");
  });

  test("is refused where git cannot tell it", async () => {
    const { folder } = repository();
    expect(await outcome(folder, { base: "nowhere" })).toMatchObject({
      ok: false,
      refusal: { code: "GIT_REF_UNKNOWN" },
    });
    expect(await outcome(folder, { base: "--help" })).toMatchObject({
      ok: false,
      refusal: { code: "GIT_REF_UNKNOWN" },
    });
    const outside = aRepository({ "migrations/1_a.sql": "select 1;" });
    expect(await outcome(outside, { base: "main" })).toMatchObject({ ok: false, refusal: { code: "GIT_UNAVAILABLE" } });
  });
});

describe("what is named", () => {
  test.each([
    [[], "MIGRATIONS_NOT_FOUND"],
    [["gone.sql"], "PATH_NOT_FOUND"],
    [["notes.txt"], "NOT_A_MIGRATION"],
  ])("%j is refused as %s", async (paths, code) => {
    expect(await outcome(aRepository({ "notes.txt": "" }), { paths })).toMatchObject({ ok: false, refusal: { code } });
  });

  test("one migration of a folder of folders is looked at by itself", async () => {
    const files = {
      "prisma/migrations/1_a/migration.sql": "create table a (id int);",
      "prisma/migrations/2_b/migration.sql": "alter table a add b int;",
    };
    for (const path of ["prisma/migrations/2_b/migration.sql", "prisma/migrations/2_b", "prisma/migrations/2_b/"]) {
      const report = await checked(files, { paths: [path] });
      expect(report.files.map(({ path: each, tool }) => [each, tool])).toEqual([
        ["prisma/migrations/2_b/migration.sql", "prisma"],
      ]);
    }
  });
});

describe("the cache of texts", () => {
  const textCache = join(aRepository({}), "texts");

  test("says the same of what has not changed, and the new of what has", async () => {
    const folder = aRepository({ "migrations/1_a.sql": "select 1;\ncommit;\n", "migrations/2_b.sql": "select 2;\n" });
    const first = await reportOf(folder, { textCache });
    expect(await reportOf(folder, { textCache })).toEqual(first);
    expect(await reportOf(folder, { textCache: null })).toEqual(first);
    writeFileSync(join(folder, "migrations/1_a.sql"), "select 1;\n");
    expect((await reportOf(folder, { textCache })).ok).toBe(true);
  });

  test("is written anew when it is damaged", async () => {
    const folder = aRepository({ "migrations/1_a.sql": "select 1;\n" });
    const own = join(folder, "cache");
    const first = await reportOf(folder, { textCache: own });
    const [name] = readdirSync(own);
    writeFileSync(join(own, name!), "[[");
    expect(await reportOf(folder, { textCache: own })).toEqual(first);
    expect(readFileSync(join(own, name!), "utf8")).toContain("1_a.sql");
  });
});
