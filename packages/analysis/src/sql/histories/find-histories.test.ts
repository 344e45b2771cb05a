import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { aRepository } from "../../testing/repository.ts";
import { findHistories } from "./find-histories.ts";
import { SourceTree } from "./source-tree.ts";

const TABLE = "create table t (id int);\n";

async function histories(files: Record<string, string>, { below = "", named = false } = {}) {
  return findHistories(await SourceTree.list(join(aRepository(files), below)), named);
}

/** Tool, folder and names in their order, which is what most tests ask for. */
async function orders(files: Record<string, string>, options = {}) {
  const found = await histories(files, options);
  return found.map(({ tool, folder, entries }) => [tool, folder, entries.map(({ name }) => name)]);
}

describe("each tool's layout", () => {
  test("supabase goes by file names, and leaves out what its command line leaves out", async () => {
    const files = {
      "supabase/config.toml": "",
      "supabase/seed.sql": "select 1;",
      "supabase/migrations/20250416155760_words.sql": TABLE,
      "supabase/migrations/20240101000000_users.sql": TABLE,
      "supabase/migrations/20240101_short.sql": TABLE,
      "supabase/migrations/zzzz_last.sql": TABLE,
      "supabase/migrations/x.sql/": "",
    };
    const [found, ...more] = await histories(files);
    expect(more).toEqual([]);
    expect(found!.tool).toBe("supabase");
    expect(found!.entries.map(({ name }) => name)).toEqual([
      "20240101000000_users.sql",
      "20240101_short.sql",
      "20250416155760_words.sql",
    ]);
    expect(found!.aside).toMatchObject([{ path: "supabase/migrations/zzzz_last.sql" }]);
  });

  test("prisma has a folder for each, and a lock file that names the database", async () => {
    const files = {
      "prisma/migrations/20240102000000_b/migration.sql": TABLE,
      "prisma/migrations/20240101000000_a/migration.sql": TABLE,
      "prisma/migrations/20240101000000_a/down.sql": "drop table t;",
      "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    };
    const [found] = await histories(files);
    expect(found).toMatchObject({ tool: "prisma", foreign: null });
    expect(found!.entries.map(({ name, down }) => [name, down])).toEqual([
      ["20240101000000_a", "prisma/migrations/20240101000000_a/down.sql"],
      ["20240102000000_b", null],
    ]);
    const [mysql] = await histories({ ...files, "prisma/migrations/migration_lock.toml": 'provider = "mysql"\n' });
    expect(mysql).toMatchObject({ foreign: "mysql" });
  });

  test("goose goes by numbers, in any case of its marks, with Go files among them", async () => {
    const files = {
      "db/00002_b.sql": "-- +goose UP\nselect 1;\n",
      "db/00010_c.go": "package db",
      "db/1_a.sql": "-- +goose Up\nselect 1;\n",
      "db/notes.sql": "select 1;",
      "db/a_test.go": "package db",
    };
    const [found] = await histories(files);
    expect(found!.tool).toBe("goose");
    expect(found!.entries.map(({ name, code }) => [name, code])).toEqual([
      ["1_a.sql", false],
      ["00002_b.sql", false],
      ["00010_c.go", true],
    ]);
    expect(found!.aside).toMatchObject([{ path: "db/notes.sql" }]);
  });

  test("golang-migrate pairs by name and goes by numbers", async () => {
    const [found] = await histories({
      "migrations/10_b.up.sql": TABLE,
      "migrations/9_a.up.sql": TABLE,
      "migrations/9_a.DOWN.sql": "drop table t;",
      "migrations/readme.sql": "select 1;",
    });
    expect(found!.tool).toBe("golang-migrate");
    expect(found!.entries.map(({ name, version, down }) => [name, version, down])).toEqual([
      ["9_a.up.sql", "9", "migrations/9_a.DOWN.sql"],
      ["10_b.up.sql", "10", null],
    ]);
    expect(found!.aside).toMatchObject([{ path: "migrations/readme.sql" }]);
  });

  test("diesel has folders with up.sql and down.sql, and a setting for transactions", async () => {
    const [found] = await histories({
      "migrations/2024-01-02-000000_b/up.sql": TABLE,
      "migrations/2024-01-02-000000_b/metadata.toml": "run_in_transaction = false\n",
      "migrations/00000000000000_diesel_initial_setup/up.sql": TABLE,
      "migrations/00000000000000_diesel_initial_setup/down.sql": "drop table t;",
    });
    expect(found!.tool).toBe("diesel");
    expect(found!.entries.map(({ version, transactional }) => [version, transactional])).toEqual([
      ["00000000000000", null],
      ["20240102000000", false],
    ]);
  });

  test("flyway goes by parts of versions, repeatable ones last, and takes 1_0 and 1 for one version", async () => {
    const [found] = await histories({
      "sql/V1.10__d.sql": TABLE,
      "sql/V1.9__c.sql": TABLE,
      "sql/V1__a.sql": TABLE,
      "sql/U1.0__a.sql": "drop table t;",
      "sql/R__views.sql": TABLE,
      "sql/V2__e.sql": TABLE,
      "sql/V2__e.sql.conf": "executeInTransaction=false\n",
      "sql/beforeMigrate.sql": "select 1;",
    });
    expect(found!.tool).toBe("flyway");
    expect(found!.entries.map(({ name, down, transactional }) => [name, down, transactional])).toEqual([
      ["V1__a.sql", "sql/U1.0__a.sql", null],
      ["V1.9__c.sql", null, null],
      ["V1.10__d.sql", null, null],
      ["V2__e.sql", null, false],
      ["R__views.sql", null, null],
    ]);
    expect(found!.aside).toMatchObject([{ path: "sql/beforeMigrate.sql" }]);
  });

  test("dbmate is known by its marks", async () => {
    const files = { "db/migrations/20240101_a.sql": `-- migrate:up\n${TABLE}\n-- migrate:down\ndrop table t;\n` };
    expect(await orders(files)).toEqual([["dbmate", "db/migrations", ["20240101_a.sql"]]]);
  });

  test("sqitch goes by its plan, where a change that is planned again has its earlier scripts under the tag between", async () => {
    const plan = `%syntax-version=1.0.0\n%project=shop\n\nusers 2024-01-01T00:00:00Z Ada <a@x> # first\n+ orders [users] 2024-01-02T00:00:00Z Ada <a@x>\n@v1 2024-01-03T00:00:00Z Ada <a@x>\n\nusers [users@v1] 2024-01-04T00:00:00Z Ada <a@x> # again\nlost 2024-01-05T00:00:00Z Ada <a@x>\n`;
    const [found, ...more] = await histories({
      "sqitch.plan": plan,
      "sqitch.conf": "[core]\n\tengine = pg\n",
      "deploy/users@v1.sql": TABLE,
      "deploy/users.sql": TABLE,
      "deploy/orders.sql": TABLE,
      "revert/users.sql": "drop table t;",
      "revert/users@v1.sql": "drop table t;",
      "verify/users.sql": "select 1;",
    });
    expect(more).toEqual([]);
    expect(found).toMatchObject({ tool: "sqitch", foreign: null });
    expect(found!.entries.map(({ path, down }) => [path, down])).toEqual([
      ["deploy/users@v1.sql", "revert/users@v1.sql"],
      ["deploy/orders.sql", null],
      ["deploy/users.sql", "revert/users.sql"],
    ]);
    expect(found!.aside).toMatchObject([{ path: "deploy/lost.sql" }]);
    const moved = {
      "db/sqitch.plan": plan,
      "sqitch.conf": "[core]\n  top_dir = db\n  engine = mysql\n",
      "db/deploy/users.sql": TABLE,
    };
    expect((await histories(moved))[0]).toMatchObject({ tool: "sqitch", folder: "db", foreign: "mysql" });
  });

  test("drizzle goes by its journal", async () => {
    const journal = {
      dialect: "postgresql",
      entries: [
        { idx: 0, tag: "0000_b" },
        { idx: 1, tag: "0001_a" },
      ],
    };
    const files = {
      "drizzle/0001_a.sql": TABLE,
      "drizzle/0000_b.sql": TABLE,
      "drizzle/meta/_journal.json": JSON.stringify(journal),
    };
    expect(await orders(files)).toEqual([["drizzle", "drizzle", ["0000_b.sql", "0001_a.sql"]]]);
  });

  test("postgres-migrations is known by the package that depends on it, or by its mark", async () => {
    const package_ = { "package.json": JSON.stringify({ dependencies: { "postgres-migrations": "5" } }) };
    const sql = { "migrations/2_b.sql": TABLE, "migrations/1-a.sql": TABLE };
    const expected = [["postgres-migrations", "migrations", ["1-a.sql", "2_b.sql"]]];
    expect(await orders({ ...package_, ...sql })).toEqual(expected);
    expect(
      await orders({ ...sql, "migrations/2_b.sql": `-- postgres-migrations disable-transaction\n${TABLE}` }),
    ).toEqual(expected);
    expect(await orders(sql)).toEqual([["plain", "migrations", ["1-a.sql", "2_b.sql"]]]);
  });

  test.each([
    ["kysely", `import type { Kysely } from "kysely";\nexport async function up(db: Kysely<any>) {}\n`],
    ["knex", "exports.up = function (knex) { return knex.schema.createTable('t', () => {}); };\n"],
    ["node-pg-migrate", "exports.up = (pgm) => { pgm.createTable('t', {}); };\n"],
  ])("%s is known by what its scripts say", async (tool, text) => {
    const files = {
      "migrations/20240102000000_b.ts": text,
      "migrations/20240101000000_a.ts": text,
      "migrations/a.d.ts": "",
    };
    const [found] = await histories(files);
    expect(found).toMatchObject({ tool, folder: "migrations" });
    expect(found!.entries.map(({ name, code }) => [name, code])).toEqual([
      ["20240101000000_a.ts", true],
      ["20240102000000_b.ts", true],
    ]);
  });

  test("node-pg-migrate may have SQL files, told by their marks", async () => {
    const files = { "migrations/1700000000000_a.sql": `-- Up Migration\n${TABLE}\n-- Down Migration\ndrop table t;\n` };
    expect(await orders(files)).toEqual([["node-pg-migrate", "migrations", ["1700000000000_a.sql"]]]);
  });

  test("scripts of no known tool are no migrations", async () => {
    expect(await histories({ "src/2024_report.ts": "export function up() {}\n" })).toEqual([]);
  });
});

describe("plain folders", () => {
  test("go by number and say where text would be another order", async () => {
    const [found] = await histories({ "migrations/00010-b.sql": TABLE, "migrations/0002-a.sql": TABLE });
    expect(found!.entries.map(({ name }) => name)).toEqual(["0002-a.sql", "00010-b.sql"]);
    expect(found!.notes).toEqual([expect.stringContaining("0002-a.sql before 00010-b.sql")]);
  });

  test("count by their name, or because they were named, or because there is nothing else", async () => {
    const files = { "reports/a.sql": TABLE };
    expect(await histories(files)).toEqual([]);
    expect(await orders(files, { below: "reports", named: true })).toEqual([["plain", "", ["a.sql"]]]);
    expect(await orders(files, { below: "reports" })).toHaveLength(1);
    const both = { "seed.sql": TABLE, "migrations/1_a.sql": TABLE };
    expect((await orders(both)).map(([, folder]) => folder)).toEqual(["migrations"]);
    expect((await orders(both, { named: true })).map(([, folder]) => folder)).toEqual(["", "migrations"]);
  });

  test("pair a file with the one that takes it back", async () => {
    const [found] = await histories({ "migrations/1_a.sql": TABLE, "migrations/1_a.down.sql": "drop table t;" });
    expect(found!.entries.map(({ name, down }) => [name, down])).toEqual([["1_a.sql", "migrations/1_a.down.sql"]]);
  });
});

test("a repository with several tools has several histories, and dependencies have none", async () => {
  const found = await orders({
    "apps/a/supabase/migrations/1_a.sql": TABLE,
    "apps/b/prisma/migrations/1_b/migration.sql": TABLE,
    "services/c/migrations/1_c.up.sql": TABLE,
    "node_modules/d/migrations/1_d.up.sql": TABLE,
    ".cache/migrations/1_e.up.sql": TABLE,
  });
  expect(found.map(([tool, folder]) => [tool, folder])).toEqual([
    ["supabase", "apps/a/supabase/migrations"],
    ["prisma", "apps/b/prisma/migrations"],
    ["golang-migrate", "services/c/migrations"],
  ]);
});
