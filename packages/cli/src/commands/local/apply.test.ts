import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ApplyDocument } from "@change-mgmt/api/apply.ts";
import { startPostgres, type TestPostgres } from "@change-mgmt/server/testing/postgres.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freshFolder, type LineOptions, runLine } from "../../testing/run-line.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

function aRepository(files: Record<string, string>): string {
  const folder = freshFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const apply = (words: readonly string[], options: LineOptions) =>
  runLine(["apply", ...words], { token: null, ...options });

const FILES = {
  "db/1_users.sql": "-- +goose Up\ncreate table users (id int);\n-- +goose Down\ndrop table users;\n",
  "db/2_nick.sql": "-- +goose Up\nalter table users add nick text;\n",
};

test("applies what is pending to the database of a variable, says so, and has nothing left to do the next time", async () => {
  const url = await postgres.newDatabase();
  const at = { cwd: aRepository(FILES), env: { TARGET_DATABASE_URL: url, APP_DB: url } };
  const dry = await apply(["--dry-run"], at);
  expect(dry).toMatchObject({ code: 0, stderr: "" });
  expect(dry.stdout).toMatch(
    /○ 1_users\.sql\n○ 2_nick\.sql\n· 127\.0\.0\.1:\d+\/test_\w+ \(goose, with its ledger\): 2 migrations pending/,
  );
  const first = await apply(["--to=APP_DB", "--json"], at);
  expect(ApplyDocument.parse(first.json())).toMatchObject({
    ok: true,
    tool: "goose",
    ledger: "goose",
    before: 0,
    applied: [{ name: "1_users.sql" }, { name: "2_nick.sql" }],
    pending: [],
  });
  const again = await apply(["db", `--to=${url}`], at);
  expect(again.stdout).toContain("nothing pending, 2 migrations applied before");
  const said = [dry, first, again].map(({ stdout, stderr }) => stdout + stderr).join();
  expect(said).not.toContain(new URL(url).password);
});

test("a migration that fails is said with its place, with exit code 1, and those before it stay", async () => {
  const cwd = aRepository({ ...FILES, "db/3_bad.sql": "-- +goose Up\nalter table users add nick text;\n" });
  const env = { TARGET_DATABASE_URL: await postgres.newDatabase() };
  const said = await apply([], { cwd, env });
  expect(said.code).toBe(1);
  expect(said.stdout).toContain("✓ 2_nick.sql");
  expect(said.stdout).toContain("✗ 3_bad.sql\n  Nothing of this migration is on the target");
  expect(said.stdout).toContain("SQLSTATE 42701");
  expect(said.stdout).toContain("2 migrations applied, 1 failed, 0 not tried");
  const json = await apply(["--json"], { cwd, env });
  expect(ApplyDocument.parse(json.json())).toMatchObject({
    ok: false,
    before: 2,
    failed: { name: "3_bad.sql", refusal: { code: "MIGRATION_FAILED" } },
  });
});

test("names no database, no address, several histories, none: wrong usage, which repeats no address", async () => {
  const cwd = aRepository({ ...FILES, "other/migrations/1_a.sql": "select 1" });
  expect(await apply([], { cwd })).toMatchObject({ code: 2, stderr: expect.stringContaining("TARGET_DATABASE_URL") });
  const wrong = await apply(["--to=mysql://u:secret@h/d"], { cwd });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("does not hold a Postgres address") });
  expect(wrong.stderr).not.toContain("secret");
  const env = { TARGET_DATABASE_URL: "postgres://u:secret@127.0.0.1:1/d" };
  const several = await apply([], { cwd, env });
  expect(several).toMatchObject({ code: 2, stderr: expect.stringContaining("db (goose), other/migrations (plain)") });
  expect(await apply(["nowhere"], { cwd, env })).toMatchObject({ code: 2 });
  const unreachable = await apply(["db"], { cwd, env });
  expect(unreachable).toMatchObject({ code: 3, stderr: expect.stringContaining("cannot be reached") });
  expect(unreachable.stderr).not.toContain("secret");
});

test("a history that disagrees with the files is refused with exit code 1", async () => {
  const cwd = aRepository(FILES);
  const env = { TARGET_DATABASE_URL: await postgres.newDatabase() };
  await apply([], { cwd, env });
  writeFileSync(join(cwd, "db/1_users.sql"), "-- +goose Up\ncreate table users (id bigint);\n");
  const said = await apply([], { cwd, env });
  expect(said).toMatchObject({ code: 1, stderr: expect.stringContaining("What was applied as 1_users.sql is not") });
});
