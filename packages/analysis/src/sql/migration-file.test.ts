import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findMigrations } from "./find-migrations.ts";
import { type CompanionFile, readMigrationFile } from "./migration-file.ts";

async function read(name: string, text: string, companions?: CompanionFile[]) {
  const outcome = await readMigrationFile(name, text, companions);
  if (!outcome.ok) throw new Error(`${outcome.refusal.code}: ${outcome.refusal.message}`);
  return outcome.value;
}

async function refusal(name: string, text: string, companions?: CompanionFile[]) {
  const outcome = await readMigrationFile(name, text, companions);
  if (outcome.ok) throw new Error("was accepted");
  return outcome.refusal;
}

test("reads plain SQL as an up part without a down part", async () => {
  expect(await read("0001_x.sql", "create table t (a int);")).toEqual({
    name: "0001_x.sql",
    tool: "plain",
    up: "create table t (a int);",
    upLine: 1,
    down: null,
    downLine: null,
    downName: null,
    transactional: true,
  });
});

test("knows a Supabase migration by its folder", async () => {
  const found = await read("app/supabase/migrations/20250416155760_add_words.sql", "create table words (id int);");
  expect(found).toMatchObject({ tool: "supabase", name: "20250416155760_add_words.sql", down: null });
});

test.each([
  ["-- +goose Up", "-- +goose StatementBegin", "-- +goose StatementEnd", "-- +goose Down"],
  ["-- +goose UP", "-- +goose statementbegin", "--+goose STATEMENTEND", "  -- +goose down "],
])("reads goose in any case: %s", async (up, begin, end, down) => {
  const text = `-- a note\n${up}\n${begin}\ncreate function f() returns void language plpgsql as $$ begin null; end $$;\n${end}\n${down}\ndrop function f();\n`;
  const found = await read("00001_f.sql", text);
  expect(found).toMatchObject({ tool: "goose", upLine: 3, downLine: 7, transactional: true });
  expect(found.up.trim()).toMatch(/^create function f.*\$\$;$/);
  expect(found.down?.trim()).toBe("drop function f();");
});

test("honours the marks for files without a transaction", async () => {
  const goose = "-- +goose NO TRANSACTION\n-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;";
  expect((await read("1_x.sql", goose)).transactional).toBe(false);
  const dbmate = "-- migrate:up transaction:false\nalter type e add value 'x';\n-- migrate:down\nselect 1;\n";
  expect(await read("1_x.sql", dbmate)).toMatchObject({ tool: "dbmate", transactional: false, downLine: 4 });
  expect((await read("1_x.sql", "-- postgres-migrations disable-transaction\nselect 1")).transactional).toBe(false);
  expect((await read("1_x.sql", "create index concurrently i on t (a)")).transactional).toBe(false);
});

test("finds the down part in a companion file", async () => {
  const down = "drop table t;";
  const cases = [
    ["0001_t.up.sql", "0001_t.down.sql", "golang-migrate"],
    ["V1__t.sql", "U1__t.sql", "flyway"],
    ["up.sql", "down.sql", "diesel"],
    ["0001_t.sql", "0001_t.down.sql", "plain"],
  ] as const;
  for (const [name, companion, tool] of cases) {
    const found = await read(name, "create table t (a int);", [
      { name: "other.down.sql", text: "select 1" },
      { name: companion, text: down },
    ]);
    expect(found).toMatchObject({ tool, down, downName: companion, downLine: 1 });
  }
});

test("takes BEGIN and COMMIT off when they stand around the whole, without moving anything", async () => {
  const text = "-- note\nBEGIN;\ncreate table t (a int);\ncommit ;\n";
  const found = await read("1.sql", text);
  expect(found.up).toBe("-- note\n      \ncreate table t (a int);\n        \n");
  expect(found.transactional).toBe(true);
});

test("refuses transaction control anywhere else, with its place in the file", async () => {
  expect(await refusal("1.sql", "create table t (a int);\n  commit;\ncreate table u (a int);")).toMatchObject({
    code: "TRANSACTION_CONTROL",
    place: { file: "1.sql", line: 2, column: 3 },
  });
  const goose = "-- +goose Up\nselect 1;\n-- +goose Down\nselect 1;\nrollback;";
  expect(await refusal("1.sql", goose)).toMatchObject({ code: "TRANSACTION_CONTROL", place: { line: 5 } });
  expect((await refusal("1.sql", "begin isolation level serializable; select 1; commit")).code).toBe(
    "TRANSACTION_CONTROL",
  );
  const down = [{ name: "1.down.sql", text: "drop index concurrently i" }];
  expect((await refusal("1.sql", "begin; select 1; commit", down)).code).toBe("TRANSACTION_CONTROL");
});

test("says where in the file SQL is invalid, also in a down part", async () => {
  const goose = "-- +goose Up\nselect 1;\n-- +goose Down\nselect 1;\n drop tabel t;";
  expect(await refusal("m/1.sql", goose)).toMatchObject({
    code: "SQL_INVALID",
    place: { file: "m/1.sql", line: 5, column: 7 },
  });
  const companions = [{ name: "1.down.sql", text: "drop tabel t" }];
  expect(await refusal("1.up.sql", "select 1", companions)).toMatchObject({ place: { file: "1.down.sql", line: 1 } });
});

test("keeps a down part that does nothing, and refuses an empty up part", async () => {
  expect((await read("1.sql", "-- +goose Up\nselect 1;\n-- +goose Down\n-- nothing to do\n")).down).toContain(
    "nothing",
  );
  expect((await refusal("1.sql", "-- +goose Up\n-- +goose Down\nselect 1;")).code).toBe("SQL_EMPTY");
});

test.each([
  "-- +goose Down\nselect 1;\n-- +goose Up\nselect 1;",
  "-- +goose Up\nselect 1;\n-- +goose Up\nselect 1;",
  "-- +goose Up\n-- +goose ENVSUB ON\nselect $X;",
  "-- +goose Upwards\nselect 1;",
  "-- +goose StatementBegin\nselect 1;",
  "-- migrate:down\nselect 1;",
  "-- migrate:up\nselect 1;\n-- migrate:up\nselect 2;",
])("refuses marks that the tool would not accept: %j", async (text) => {
  expect((await refusal("1.sql", text)).code).toBe("MIGRATION_FORMAT");
});

test("finds migrations in the order in which they are applied", async () => {
  const root = await mkdtemp(join(tmpdir(), "find-migrations-"));
  try {
    await mkdir(join(root, "supabase/migrations/20240101000000_folder.sql"), { recursive: true });
    for (const name of ["20240201000000_b.sql", "20240101000000_a.sql", "readme.md"]) {
      await writeFile(join(root, "supabase/migrations", name), "select 1");
    }
    const supabase = await findMigrations(root);
    expect(supabase.ok && supabase.value.map((found) => found.name)).toEqual([
      "20240101000000_a.sql",
      "20240201000000_b.sql",
    ]);

    const pairs = join(root, "pairs");
    await mkdir(pairs);
    for (const name of ["10_b.up.sql", "10_b.down.sql", "9_a.up.sql"]) await writeFile(join(pairs, name), `-- ${name}`);
    const found = await findMigrations(pairs);
    expect(found.ok && found.value.map(({ name, companions }) => [name, companions])).toEqual([
      ["9_a.up.sql", []],
      ["10_b.up.sql", [{ name: "10_b.down.sql", text: "-- 10_b.down.sql" }]],
    ]);

    const flyway = join(root, "flyway");
    await mkdir(flyway);
    for (const name of ["V1.10__c.sql", "V1.9__b.sql", "V1__a.sql", "U1__a.sql"])
      await writeFile(join(flyway, name), "");
    const versions = await findMigrations(flyway);
    expect(versions.ok && versions.value.map((each) => each.name)).toEqual([
      "V1__a.sql",
      "V1.9__b.sql",
      "V1.10__c.sql",
    ]);

    const none = await findMigrations(join(root, "nowhere"));
    expect(none).toMatchObject({ ok: false, refusal: { code: "MIGRATIONS_NOT_FOUND" } });
  } finally {
    await rm(root, { recursive: true });
  }
});
