import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { embeddedMajorFor } from "./embedded-majors.ts";
import { rehearse } from "./rehearse.ts";
import type { RehearsalEngine, RehearsalMigration } from "./report.ts";
import { ENGINE_VERSION, templateDump } from "./template.ts";

const cacheFolder = join(tmpdir(), "change-mgmt-test-cache");
const server = () => process.env.DATABASE_URL_FOR_TESTS!;

function migration(up: string, down: string | null = null, name = "0002_x.sql"): RehearsalMigration {
  return { id: name, name, up, down, transactional: true };
}

const BASE = [{ name: "0001.sql", sql: "create table users (id int primary key, nick varchar(10));" }];
const ADD = migration("alter table users add column age int;", "alter table users drop column age;");

describe("the embedded engines", () => {
  test.each([16, 17, 18] as const)("rehearse as Postgres %i", async (targetMajor) => {
    const files = [
      ...BASE,
      {
        name: "0002.sql",
        sql: "create extension vector; create extension citext; create table t (v vector(3), owner uuid references auth.users);",
      },
    ];
    const { engine, ok, migrations } = await rehearse({
      base: files,
      migrations: [ADD],
      cacheFolder,
      engine: { targetMajor },
    });
    expect(migrations[0]!.rehearsal).toMatchObject({
      up: { outcome: "ok" },
      down: { outcome: "exact", data: "equal" },
    });
    expect(ok).toBe(true);
    expect(engine).toEqual({ name: "pglite", postgres: expect.stringMatching(`^${targetMajor}\\.`), mismatch: null });
  });

  test("are the target's own major, or the nearest", () => {
    expect([null, 9, 15, 16, 17, 18, 19].map(embeddedMajorFor)).toEqual([18, 16, 16, 16, 17, 18, 18]);
  });

  test("say when they are of another major than the target", async () => {
    const { engine } = await rehearse({ base: [], migrations: [ADD], cacheFolder, engine: { targetMajor: 15 } });
    expect(engine.mismatch).toMatch(/target is Postgres 15; this ran on 16\./);
  });

  test("show what only one major does: NOT NULL is a constraint with a name of its own since 18", async () => {
    const named = migration("alter table users add constraint nick_there not null nick;");
    const on = async (targetMajor: number) =>
      (await rehearse({ base: BASE, migrations: [named], cacheFolder, engine: { targetMajor } })).migrations[0]!
        .rehearsal.up.outcome;
    expect([await on(17), await on(18)]).toEqual(["fails", "ok"]);
  });
});

test("a base is built from the latest state of it that was kept", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rehearsal-cache-"));
  try {
    await templateDump(cacheFolder);
    const template = `template-pglite-${ENGINE_VERSION}.tar`;
    await copyFile(join(cacheFolder, template), join(folder, template));
    const states = async () => (await readdir(folder)).filter((name) => name.startsWith("base-"));
    const first = { name: "1.sql", up: "create table a (x int)", transactional: true };
    const second = migration("create table b (x int)", null, "2.sql");
    const third = migration("create table c (x int)", null, "3.sql");
    await rehearse({ base: [first], migrations: [second, third], cacheFolder: folder, keepState: true });
    const kept = await states();
    expect(kept).toHaveLength(2);
    // All three are there already: the state was kept, so nothing is built and none is added.
    const fourth = migration(
      "alter table a add y int; alter table b add y int; alter table c add y int",
      null,
      "4.sql",
    );
    const next = await rehearse({ base: [first, second, third], migrations: [fourth], cacheFolder: folder });
    expect(next.ok).toBe(true);
    expect((await states()).sort()).toEqual(kept.sort());
    const changed = await rehearse({
      base: [first, second, { ...third, up: "create table d (x int)" }],
      migrations: [fourth],
      cacheFolder: folder,
    });
    expect(changed.migrations[0]!.rehearsal.up).toMatchObject({
      outcome: "fails",
      reason: 'relation "c" does not exist',
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe("a real server", () => {
  const on = (engine: RehearsalEngine = {}) => ({ engine: { server: server(), ...engine }, cacheFolder });
  const left = async () => {
    const client = new pg.Client({ connectionString: server() });
    await client.connect();
    const { rows } = await client.query(
      "select datname as name from pg_database where datname like 'change_mgmt_rehearsal%' union all select rolname from pg_roles where rolname in ('made_here', 'anon')",
    );
    await client.end();
    return rows.map(({ name }) => name);
  };

  test("rehearses as the embedded engine does, and keeps nothing of it", async () => {
    const files = [...BASE, { name: "0002.sql", sql: "create table notes (owner uuid references auth.users);" }];
    const made = migration(
      "create role made_here; grant select on users to made_here;",
      "drop owned by made_here; drop role made_here;",
      "3.sql",
    );
    const report = await rehearse({ base: files, migrations: [ADD, made], ...on() });
    expect(report.engine).toEqual({ name: "postgres", postgres: expect.stringMatching(/^1\d/), mismatch: null });
    expect(report.migrations.map(({ rehearsal }) => [rehearsal.up.outcome, rehearsal.down.outcome])).toEqual([
      ["ok", "exact"],
      ["ok", "exact"],
    ]);
    expect(report.migrations[0]!.statements[0]!.locks).toEqual([
      { relation: "public.users", mode: "AccessExclusiveLock" },
    ]);
    expect(await left()).toEqual([]);
  });

  test("keeps the roles that somebody else makes meanwhile", async () => {
    const client = new pg.Client({ connectionString: server() });
    await client.connect();
    const hold = { ...migration("create role made_here; select pg_sleep(0.5);"), transactional: false };
    const running = rehearse({ base: BASE, migrations: [hold], ...on() });
    const made = async () => (await client.query("select 1 from pg_roles where rolname = 'made_here'")).rows.length > 0;
    await expect.poll(made, { timeout: 60_000, interval: 10 }).toBe(true);
    await client.query("create role made_elsewhere");
    await running;
    const { rows } = await client.query("select rolname from pg_roles where rolname like 'made_%'");
    await client.query("drop role made_elsewhere");
    await client.end();
    expect(rows).toEqual([{ rolname: "made_elsewhere" }]);
  });

  test("is not reached beyond the rehearsal's own database", async () => {
    for (const sql of [
      "alter role postgres with nologin",
      "drop role postgres",
      "copy users to program 'touch /tmp/never'",
      "copy users from '/etc/passwd'",
      "alter system set work_mem = '8MB'",
    ]) {
      const { migrations } = await rehearse({
        base: BASE,
        migrations: [{ ...migration(sql), transactional: false }],
        ...on(),
      });
      expect([sql, migrations[0]!.rehearsal.up.outcome]).toEqual([sql, "not-rehearsable"]);
    }
    expect(await left()).toEqual([]);
  });

  test("is left clean of a statement that does not end", async () => {
    const { migrations } = await rehearse({
      base: BASE,
      migrations: [migration("create role made_here;\nselect pg_sleep(1000);")],
      limits: { statementMs: 300 },
      ...on(),
    });
    expect(migrations[0]!.rehearsal.up).toMatchObject({ outcome: "fails", line: 2 });
    expect(await left()).toEqual([]);
  });

  test("that cannot be had makes the migration not rehearsable, with the reason", async () => {
    const { migrations, engine } = await rehearse({
      base: BASE,
      migrations: [ADD],
      cacheFolder,
      engine: { server: "postgres://nobody:secret@127.0.0.1:9/none" },
    });
    expect(migrations[0]!.rehearsal.up).toMatchObject({ outcome: "not-rehearsable" });
    expect(migrations[0]!.rehearsal.up.reason).toMatch(/server for rehearsals cannot be used/);
    expect(migrations[0]!.rehearsal.up.reason).not.toContain("secret");
    expect(engine.postgres).toBe(null);
  });
});
