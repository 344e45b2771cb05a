import type { MigrationArtifact } from "@change-mgmt/domain/change/change.ts";
import { expect, test } from "vitest";
import { migrationKind } from "./migration.ts";

const migration: MigrationArtifact = {
  kind: "migration",
  id: "m",
  name: "20260101000000_m.sql",
  up: "create table t (a int);",
  down: "drop table t;",
  transactional: true,
  tool: "supabase",
};

const prepare = async (with_: Partial<MigrationArtifact>) => {
  const outcome = await migrationKind.prepare({ ...migration, ...with_ }, {});
  return outcome.ok ? outcome : outcome.refusal;
};

test("accepts a migration whose SQL can be read in both directions", async () => {
  expect(await prepare({})).toEqual({ ok: true, value: true });
  expect(await prepare({ down: null })).toEqual({ ok: true, value: true });
  expect(await prepare({ down: "-- Nothing has to be taken back." })).toEqual({ ok: true, value: true });
  expect(await prepare({ down: " \n" })).toEqual({ ok: true, value: true });
  expect(await migrationKind.plan({ ...migration, down: " \n" }, "rollback")).toMatchObject({
    refusal: { code: "NO_ROLLBACK" },
  });
});

test.each<[string, Partial<MigrationArtifact>, string, object]>([
  ["SQL that cannot be read", { up: "create tabel t ()" }, "SQL_INVALID", { line: 1, column: 8 }],
  ["down SQL that cannot be read", { down: "drop tabel t" }, "SQL_INVALID", { line: 1, column: 6 }],
  ["an empty file", { up: "-- Later." }, "SQL_EMPTY", {}],
  [
    "a concurrent index in a transaction",
    { up: "select 1;\n create index concurrently i on t (a);" },
    "NOT_TRANSACTIONAL",
    { line: 2, column: 2 },
  ],
  ["its own transaction", { up: "begin;\nselect 1;\ncommit;" }, "TRANSACTION_CONTROL", { line: 1, column: 1 }],
  [
    "its own transaction in a file without one",
    { up: "select 1;\ncommit;", transactional: false },
    "TRANSACTION_CONTROL",
    { line: 2, column: 1 },
  ],
  [
    "a concurrent index without a name",
    { up: "create index concurrently on t (a)", transactional: false },
    "NOT_RESUMABLE",
    { line: 1, column: 1 },
  ],
])("refuses %s, with its place", async (_, with_, code, place) => {
  expect(await prepare(with_)).toMatchObject({ code, place: { file: migration.name, ...place } });
});

test("refuses a file name that the Supabase CLI would not know", async () => {
  expect(await prepare({ name: "add_users.sql" })).toMatchObject({ code: "SUPABASE_FILE_NAME" });
  expect(await prepare({ name: "supabase/migrations/20260101_x.sql" })).toMatchObject({ ok: true });
});
