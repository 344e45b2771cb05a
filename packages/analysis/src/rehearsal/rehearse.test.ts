import { copyFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { rehearse } from "./rehearse.ts";
import type { RehearsalMigration, RehearsalRequest } from "./report.ts";
import { ENGINE_VERSION, templateDump } from "./template.ts";

const cacheFolder = join(tmpdir(), "change-mgmt-test-cache");
const base = [
  {
    name: "0001_users.sql",
    sql: `create table users (id int primary key, nick varchar(10), name text not null);
          create table posts (id int primary key, author int, body text);
          create type mood as enum ('sad');`,
  },
];

function migration(up: string, down: string | null = null, more: Partial<RehearsalMigration> = {}): RehearsalMigration {
  return { id: "m", name: "0002_x.sql", up, down, transactional: true, ...more };
}

async function rehearseOne(
  up: string,
  down?: string | null,
  more: Partial<RehearsalMigration> = {},
  request: Partial<RehearsalRequest> = {},
) {
  const report = await rehearse({ base, migrations: [migration(up, down, more)], cacheFolder, ...request });
  return { report, ...report.migrations[0]!, ...report.migrations[0]!.rehearsal };
}

describe("a rollback", () => {
  test("that restores everything is exact, with equal data", async () => {
    const { up, down, report, statements, schemaChange, breaking } = await rehearseOne(
      "alter table users add column age int;\ncreate index users_age on users (age);",
      "alter table users drop column age;",
    );
    expect(up).toEqual({ outcome: "ok", line: null, reason: null });
    expect(down).toMatchObject({ outcome: "exact", data: "equal", differences: [], reason: null });
    expect(report).toMatchObject({ ok: true, engine: { name: "pglite", postgres: expect.stringMatching(/^18\./) } });
    expect(statements.map(({ line, kind, outcome, source }) => ({ line, kind, outcome, source }))).toEqual([
      { line: 1, kind: "alter_table", outcome: "ok", source: "measured" },
      { line: 2, kind: "create_index", outcome: "ok", source: "measured" },
    ]);
    expect(schemaChange.map(({ change, object }) => `${change} ${object}`)).toEqual([
      "added public.users.age",
      "added public.users_age",
    ]);
    expect(breaking).toBe(false);
  });

  test("that leaves an enum label behind differs", async () => {
    const { down } = await rehearseOne("alter type mood add value 'ok';", "select 1;");
    expect(down).toMatchObject({
      outcome: "differs",
      differences: [{ change: "altered", kind: "enum", object: "public.mood", detail: "labels +ok" }],
    });
  });

  test("that brings a column back at the end, empty, restores all but the order and the data", async () => {
    const { down, schemaChange, breaking } = await rehearseOne(
      "alter table users drop column nick;",
      "alter table users add column nick varchar(10);",
    );
    expect(down).toMatchObject({ outcome: "column-order", data: "differs" });
    expect(down.dataReason).toContain("public.users");
    expect(breaking).toBe(true);
    expect(schemaChange[0]).toMatchObject({ breaking: true, object: "public.users.nick" });
  });

  test("that is missing, cannot be read or fails is said so, with the line of its file", async () => {
    expect((await rehearseOne("create table t (a int);")).down).toMatchObject({
      outcome: "absent",
      data: "not-checked",
    });
    const unreadable = await rehearseOne("create table t (a int);", "drop tabel t;", { downLine: 11 });
    expect(unreadable.down).toMatchObject({ outcome: "fails", line: 11 });
    const failing = await rehearseOne("create table t (a int);", "select 1;\ndrop table u;", { downLine: 11 });
    expect(failing.down).toMatchObject({ outcome: "fails", line: 12, reason: 'table "u" does not exist' });
    expect(failing.report.ok).toBe(true);
  });

  test("does not claim equal data for tables whose rows it could not make", async () => {
    const own = [{ name: "1.sql", sql: "create table t (a int, p point not null, check (a > 1000))" }];
    const { down } = await rehearseOne(
      "alter table t alter a type bigint",
      "alter table t alter a type int",
      {},
      { base: own },
    );
    expect(down).toMatchObject({ outcome: "exact", data: "not-checked" });
    expect(down.dataReason).toContain("public.t");
  });
});

describe("an up part", () => {
  test("that fails names its line and leaves later statements out", async () => {
    const { up, down, statements, report } = await rehearseOne(
      "create table t (a int);\n\nalter table nowhere add column b int;\ndrop table users;",
      "drop table t;",
      { upLine: 5 },
    );
    expect(up).toEqual({ outcome: "fails", line: 7, reason: 'relation "nowhere" does not exist' });
    expect(down).toMatchObject({ outcome: "not-rehearsable", reason: "the up part did not finish" });
    expect(statements.map((statement) => statement.outcome)).toEqual(["ok", "fails"]);
    expect(report.ok).toBe(false);
  });

  test("that fails at commit, cannot be read, or controls the transaction fails", async () => {
    const deferred = `create table c (a int unique deferrable initially deferred);\ninsert into c values (1), (1);`;
    expect((await rehearseOne(deferred)).up).toMatchObject({ outcome: "fails", line: 2 });
    expect((await rehearseOne("select 1;\nselect from where")).up).toMatchObject({ outcome: "fails", line: 2 });
    expect((await rehearseOne("select 1;\ncommit;")).up).toMatchObject({ outcome: "fails", line: 2 });
  });

  test("that never ends is ended, and what ran before it is still reported", async () => {
    const { up, down, statements } = await rehearseOne(
      "create table t (a int);\nselect count(*) from generate_series(1, 100000000000);",
      "drop table t;",
      {},
      { limits: { statementMs: 700 } },
    );
    expect(up).toMatchObject({ outcome: "fails", line: 2 });
    expect(up.reason).toContain("did not end within 700 ms");
    expect(down.outcome).toBe("not-rehearsable");
    expect(statements).toHaveLength(1);
  });

  test("is ended by the limit of the whole too, and so is a down part", async () => {
    const forever = "select count(*) from generate_series(1, 100000000000)";
    const whole = await rehearseOne(forever, null, {}, { limits: { totalMs: 3000 } });
    expect(whole.up.outcome).not.toBe("ok");
    expect(whole.up.reason).toContain("did not end within 3 s");
    const down = await rehearseOne("create table t (a int)", forever, {}, { limits: { statementMs: 700 } });
    expect(down.up.outcome).toBe("ok");
    expect(down.down).toMatchObject({ outcome: "fails", line: 1 });
    expect(down.schemaChange).toHaveLength(1);
  });

  test("that any row would refuse fails, unless tables are left empty", async () => {
    const sql = "alter table users add column age int not null;";
    expect((await rehearseOne(sql)).up).toMatchObject({ outcome: "fails", line: 1 });
    expect((await rehearseOne(sql, null, {}, { seedRows: false })).up.outcome).toBe("ok");
  });

  test("that only the generated values refuse is rehearsed again without rows, and says so", async () => {
    const { up, down, notes, statements } = await rehearseOne(
      "alter table users add constraint polite check (name like 'Dear %');",
      "alter table users drop constraint polite;",
    );
    expect(up.outcome).toBe("ok");
    expect(down).toMatchObject({ outcome: "exact", data: "not-checked" });
    expect(notes).toHaveLength(1);
    expect(statements).toHaveLength(1);
  });
});

test("measures locks, rewrites and scans on relations that existed before", async () => {
  const { statements } = await rehearseOne(
    `create table fresh (id int);
     alter table posts add foreign key (author) references users (id);
     alter table users alter column id type bigint;
     truncate posts;
     alter table users alter column nick type varchar(20);`,
    null,
    {},
    { seedRows: false },
  );
  const facts = statements.map(({ locks, rewrites, scans }) => ({
    locks: locks.map(({ relation, mode }) => `${relation} ${mode}`),
    rewrites,
    scans,
  }));
  expect(facts).toEqual([
    { locks: [], rewrites: [], scans: [] },
    {
      locks: ["public.posts ShareRowExclusiveLock", "public.users ShareRowExclusiveLock"],
      rewrites: [],
      scans: ["public.posts"],
    },
    // Changing the referenced column checks the foreign key again, and so locks and scans the referring table too.
    {
      locks: ["public.posts AccessExclusiveLock", "public.users AccessExclusiveLock"],
      rewrites: ["public.users"],
      scans: expect.arrayContaining(["public.users"]),
    },
    { locks: [], rewrites: [], scans: [] },
    { locks: [], rewrites: [], scans: [] },
  ]);
});

test("runs a file without a transaction statement by statement, with documented locks where none can be measured", async () => {
  const { up, down, statements } = await rehearseOne(
    "create index concurrently users_nick on users (nick);\nalter table users add column age int;",
    "alter table users drop column age;\ndrop index concurrently users_nick;",
    { transactional: false },
  );
  expect(up.outcome).toBe("ok");
  expect(down).toMatchObject({ outcome: "exact", data: "equal" });
  expect(statements[0]).toMatchObject({
    source: "known",
    locks: [{ relation: "public.users", mode: "ShareUpdateExclusiveLock" }],
    scans: ["public.users"],
  });
  expect(statements[1]).toMatchObject({
    source: "measured",
    locks: [{ relation: "public.users", mode: "AccessExclusiveLock" }],
  });
  const inTransaction = await rehearseOne("create index concurrently i on users (nick);");
  expect(inTransaction.up.reason).toContain("cannot run inside a transaction block");
});

test("stands in for what Supabase prepares", async () => {
  const { up, down, report } = await rehearseOne(
    `create extension if not exists "uuid-ossp" with schema extensions;
     create table public.notes (
       id uuid primary key default uuid_generate_v4(), owner uuid references auth.users (id) on delete cascade default auth.uid(), text text
     );
     alter table public.notes enable row level security;
     create policy "own notes" on public.notes for all to authenticated using (owner = auth.uid());
     grant all on public.notes to service_role;
     insert into storage.buckets (id, name) values ('avatars', 'avatars');`,
  );
  expect(up).toEqual({ outcome: "ok", line: null, reason: null });
  expect(down.outcome).toBe("absent");
  expect(report.ok).toBe(true);
});

test.each([
  ["create extension postgis;", "postgis"],
  ["grant select on users to reporting_tool;", "reporting_tool"],
  ["alter system set work_mem = '8MB';", "whole server"],
])("does not call fine what it cannot rehearse: %s", async (sql, reason) => {
  const { up, report } = await rehearseOne(sql, null, { transactional: !sql.startsWith("alter system") });
  expect(up).toMatchObject({ outcome: "not-rehearsable", line: 1 });
  expect(up.reason).toContain(reason);
  expect(report.ok).toBe(false);
});

test.each<[string, RehearsalRequest["base"], string]>([
  [
    "SQL that fails",
    [{ name: "0001.sql", sql: "create table a (x int);\ncreate table a (x int);" }],
    "0001.sql line 2",
  ],
  ["SQL that cannot be read", [{ name: "0001.sql", sql: "create tabel a" }], "0001.sql line 1"],
  ["an extension that is not there", [{ name: "0001.sql", sql: "create extension postgis" }], "postgis"],
])("does not rehearse on a base of %s", async (_, broken, reason) => {
  const { up, down } = await rehearseOne("select 1", "select 1", {}, { base: broken });
  expect(up.outcome).toBe("not-rehearsable");
  expect(up.reason).toContain(reason);
  expect(down.outcome).toBe("not-rehearsable");
});

test("builds its base from files of any tool and from what pg_dump writes", async () => {
  const files = [
    { name: "1.sql", sql: "-- +goose Up\ncreate table a (x int);\n-- +goose Down\ndrop table a;" },
    { name: "2.sql", sql: "\\restrict abc\nSET search_path = '';\ncreate table public.b (x int);\n\\unrestrict abc\n" },
    { name: "3.sql", sql: "-- nothing" },
  ];
  expect(
    (await rehearseOne("alter table a add y int; alter table b add y int", null, {}, { base: files })).up.outcome,
  ).toBe("ok");
});

test("applies several migrations one after the other, whatever their rollbacks leave behind", async () => {
  const { migrations, ok } = await rehearse({
    base,
    cacheFolder,
    migrations: [
      migration("alter type mood add value 'ok';", "select 1;", { id: "1", name: "1.sql" }),
      migration("create table feelings (feeling mood default 'ok');", "drop table feelings;", {
        id: "2",
        name: "2.sql",
      }),
      migration("create role remains;", "select 1;", { id: "2b", name: "2b.sql" }),
      migration("alter table feelings add column at date;", null, { id: "3", name: "3.sql" }),
      migration("alter table feelings drop column nowhere;", "select 1;", { id: "4", name: "4.sql" }),
      migration("select 1;", null, { id: "5", name: "5.sql" }),
    ],
  });
  expect(migrations.map(({ id, rehearsal: { up, down } }) => [id, up.outcome, down.outcome])).toEqual([
    ["1", "ok", "differs"],
    ["2", "ok", "exact"],
    ["2b", "ok", "exact"],
    ["3", "ok", "absent"],
    ["4", "fails", "not-rehearsable"],
    ["5", "not-rehearsable", "absent"],
  ]);
  expect(migrations[5]!.rehearsal.up.reason).toContain("4.sql");
  expect(ok).toBe(false);
});

test("keeps the newest base states and forgets the others", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rehearsal-cache-"));
  try {
    await templateDump(cacheFolder);
    const template = `template-pglite-${ENGINE_VERSION}.tar`;
    await copyFile(join(cacheFolder, template), join(folder, template));
    for (let i = 0; i < 9; i++) await writeFile(join(folder, `base-${i}.tar`), "old");
    const first = await rehearseOne("select 1 from users", null, {}, { cacheFolder: folder });
    expect(first.up.outcome).toBe("ok");
    const bases = (await readdir(folder)).filter((name) => name.startsWith("base-"));
    expect(bases).toHaveLength(8);
    expect(bases.filter((name) => /^base-[0-9a-f]{64}\.tar$/.test(name))).toHaveLength(1);
    expect((await rehearseOne("select 1 from users", null, {}, { cacheFolder: folder })).up.outcome).toBe("ok");
    expect((await readdir(folder)).filter((name) => name.startsWith("base-")).sort()).toEqual(bases.sort());
    expect((await readdir(folder)).filter((name) => name.endsWith(".part"))).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
