import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { locate } from "@change-mgmt/analysis/check/locate.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readAddress } from "../../../assets/databases/reference.ts";
import { startPostgres, type TestPostgres, withClient } from "../../../testing/postgres.ts";
import { accepted } from "../../../testing/step-context.ts";
import { type ApplyTask, applyHistory } from "./apply-history.ts";

let postgres: TestPostgres;
let url: string;
let folder: string;
const folders: string[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
});
beforeEach(async () => {
  url = await postgres.newDatabase();
  folder = await mkdtemp(join(tmpdir(), "change-mgmt-apply-"));
  folders.push(folder);
});
afterAll(async () => {
  await postgres.stop();
  await Promise.all(folders.map((one) => rm(one, { recursive: true })));
});

const USERS = "create table users (id int primary key, email text);\n";

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}

async function outcome(with_: Partial<ApplyTask> = {}) {
  const [located] = accepted(await locate(folder, [folder]));
  return await applyHistory({
    located: located!,
    address: readAddress(url)!,
    limits: { lockTimeoutMs: 500, statementTimeoutMs: 0, retries: 1 },
    dryRun: false,
    outOfOrder: false,
    requestedBy: "rosa",
    signal: new AbortController().signal,
    say: async () => undefined,
    ...with_,
  });
}

const apply = async (with_: Partial<ApplyTask> = {}) => accepted(await outcome(with_));
const names = ({ applied }: Awaited<ReturnType<typeof apply>>) => applied.map(({ name }) => name);

async function rows(...queries: string[]): Promise<Record<string, unknown>[]> {
  return withClient(url, async (client) => {
    let last: Record<string, unknown>[] = [];
    for (const query of queries) last = (await client.query(query)).rows;
    return last;
  });
}

test("each file is applied once, in order, with its ledger entry from the same transaction", async () => {
  await write({ "0002_nick.sql": "alter table users add nick text;", "0001_users.sql": USERS });
  expect(await apply({ dryRun: true })).toMatchObject({ applied: [], pending: ["0001_users.sql", "0002_nick.sql"] });
  expect(await rows("select to_regclass('users') as users, to_regclass('change_mgmt_ledger.applied') as l")).toEqual([
    { users: null, l: null },
  ]);
  expect(await apply()).toMatchObject({
    tool: "plain",
    ledger: null,
    before: 0,
    pending: [],
    failed: null,
    applied: [
      { name: "0001_users.sql", statements: 1 },
      { name: "0002_nick.sql", statements: 1 },
    ],
  });
  expect(
    await rows(
      `select artifact_id, applied_by, a.xmin = c.xmin as same from change_mgmt_ledger.applied a
         join pg_attribute c on c.attrelid = 'users'::regclass and c.attname = case artifact_id when '0002_nick.sql' then 'nick' else 'id' end order by id`,
    ),
  ).toMatchObject([
    { artifact_id: "0001_users.sql", applied_by: "rosa" },
    { artifact_id: "0002_nick.sql", applied_by: "rosa", same: true },
  ]);
  expect(await apply()).toMatchObject({ before: 2, applied: [], pending: [] });
});

test("a migration that fails leaves nothing of itself, is placed in its file, and ends the run", async () => {
  await write({
    "1_users.sql": `-- migrate:up\n${USERS}`,
    "2_bad.sql": "-- migrate:up\nalter table users add nick text;\nselect größe from users;\n-- migrate:down\n",
    "3_rest.sql": "-- migrate:up\nselect 1;\n",
  });
  const report = await apply();
  expect(report).toMatchObject({
    applied: [{ name: "1_users.sql" }],
    pending: ["2_bad.sql", "3_rest.sql"],
    failed: {
      name: "2_bad.sql",
      targetState: "Nothing of this migration is on the target: its transaction was rolled back.",
      refusal: { code: "MIGRATION_FAILED", place: { file: "2_bad.sql", line: 3, column: 8 } },
    },
  });
  expect(
    await rows("select attname from pg_attribute where attrelid = 'users'::regclass and attname = 'nick'"),
  ).toEqual([]);
  await write({ "2_bad.sql": "-- migrate:up\nalter table users add nick text;\n" });
  expect(names(await apply())).toEqual(["2_bad.sql", "3_rest.sql"]);
});

test("what cannot be read is refused before anything is run", async () => {
  await write({ "1_users.sql": USERS, "2_bad.sql": "\n  slect 1;" });
  expect(await outcome()).toMatchObject({ refusal: { code: "SQL_INVALID", place: { file: "2_bad.sql", line: 2 } } });
  expect(await rows("select to_regclass('users') as users")).toEqual([{ users: null }]);
});

test("a file without a transaction is taken up where it stopped, and what it left INVALID is built again", async () => {
  await write({
    "1_users.sql": `${USERS}insert into users values (1, 'a'), (2, 'a');`,
    "2_index.sql": "alter table users add seen int;\ncreate unique index concurrently users_email on users (email);",
  });
  const report = await apply();
  expect(report.failed).toMatchObject({
    refusal: { details: { sqlstate: "23505" } },
    targetState: "Statement 1 of 2 is on the target. Statement 2 of 2 failed and left nothing behind.",
  });
  await rows("delete from users where id = 2");
  expect(names(await apply())).toEqual(["2_index.sql"]);
  expect(await rows("select indisvalid from pg_index where indexrelid = 'users_email'::regclass")).toEqual([
    { indisvalid: true },
  ]);
  expect(await apply()).toMatchObject({ before: 2, applied: [] });
});

test("a lock that is not given is tried again and then refused with who holds it", async () => {
  await write({ "1_users.sql": USERS });
  await apply();
  await write({ "2_nick.sql": "alter table users add nick text;" });
  const said: string[] = [];
  await withClient(url, async (holder) => {
    await holder.query("begin; lock table users in access share mode");
    const report = await apply({
      limits: { lockTimeoutMs: 50, statementTimeoutMs: 0, retries: 1 },
      say: async (line) => void said.push(line),
    });
    expect(report.failed).toMatchObject({ refusal: { code: "TARGET_LOCKED" } });
  });
  expect(said.join("\n")).toContain("Trying again");
  expect(names(await apply())).toEqual(["2_nick.sql"]);
});

test("what one migration sets for its session does not reach the next, nor its ledger entry", async () => {
  await write({
    "1_path.sql":
      "create schema x; create role nobody_here nologin; set search_path = x; set role nobody_here; select 1;",
    "2_users.sql": USERS,
  });
  try {
    expect(names(await apply())).toEqual(["1_path.sql", "2_users.sql"]);
    expect(await rows("select to_regclass('public.users')::text as users")).toEqual([{ users: "users" }]);
  } finally {
    await rows("drop role nobody_here");
  }
});

test("the limits are in force in every file, whatever was run before it", async () => {
  const look = (table: string) => `create table ${table} as select current_setting('lock_timeout') as lock;`;
  await write({
    "1_users.sql": USERS,
    "2_seen.sql": `${look("seen_1")} set lock_timeout = '7s';`,
    "3_more.sql": "create table more (id int);",
    "4_index.sql": "create index concurrently users_email on users (email);",
    "5_seen.sql": look("seen_2"),
  });
  await apply();
  expect(await rows("select * from seen_1 union all select * from seen_2")).toEqual([
    { lock: "500ms" },
    { lock: "500ms" },
  ]);
});

test("two that apply at the same moment apply each file once", async () => {
  const many = Array.from({ length: 20 }, (_, at) => [`${100 + at}_t.sql`, `create table t${at} (id int)`]);
  await write(Object.fromEntries(many));
  const both = await Promise.all([apply(), apply()]);
  expect(both.map(({ failed }) => failed)).toEqual([null, null]);
  expect(await rows("select count(*) from change_mgmt_ledger.applied")).toEqual([{ count: "20" }]);
});

test("a database under change control, a changed file and a removed one are refused", async () => {
  await write({ "1_users.sql": USERS, "2_x.sql": "select 1" });
  await apply();
  await write({ "1_users.sql": `${USERS}-- more` });
  expect(await outcome()).toMatchObject({ refusal: { code: "HISTORY_CHANGED" } });
  await rm(join(folder, "1_users.sql"));
  expect(await outcome()).toMatchObject({ refusal: { code: "HISTORY_FILE_MISSING" } });
  await rows("update change_mgmt_ledger.applied set change_id = 'c', change_number = 'CHG-7', environment = 'staging'");
  expect(await outcome()).toMatchObject({
    refusal: { code: "TARGET_UNDER_CONTROL", message: expect.stringContaining("CHG-7") },
  });
});

describe("the ledger of the tool", () => {
  const GOOSE = {
    "1_users.sql": `-- +goose Up\n${USERS}`,
    "2_nick.sql": "-- +goose Up\nalter table users add nick text;\n",
  };
  const GOOSE_TABLE =
    "create table goose_db_version (id integer primary key generated by default as identity, version_id bigint not null, is_applied boolean not null, tstamp timestamp not null default now())";

  test("goose: what it has applied is known, what is applied here it knows, and a version taken back is pending", async () => {
    await write(GOOSE);
    await rows(GOOSE_TABLE, USERS, "insert into goose_db_version (version_id, is_applied) values (0, true), (1, true)");
    expect(names(await apply())).toEqual(["2_nick.sql"]);
    expect(await rows("select version_id, is_applied from goose_db_version order by id")).toEqual([
      { version_id: "0", is_applied: true },
      { version_id: "1", is_applied: true },
      { version_id: "2", is_applied: true },
    ]);
    await rows("delete from goose_db_version where version_id = 2");
    expect(await outcome()).toMatchObject({ refusal: { code: "LEDGERS_DISAGREE" } });
    await rows("delete from change_mgmt_ledger.applied", "alter table users drop nick");
    await rows("insert into goose_db_version (version_id, is_applied) values (2, true), (2, false)");
    expect(names(await apply())).toEqual(["2_nick.sql"]);
  });

  test("goose: a version without its file is refused", async () => {
    await write(GOOSE);
    await rows(GOOSE_TABLE, "insert into goose_db_version (version_id, is_applied) values (0, true), (7, true)");
    expect(await outcome()).toMatchObject({ refusal: { code: "HISTORY_FILE_MISSING" } });
  });

  test("golang-migrate: one row says what all before it have come with; a dirty one is refused", async () => {
    await write({
      "01_users.up.sql": USERS,
      "02_nick.up.sql": "alter table users add nick text;",
      "03_x.up.sql": "select 1",
    });
    await rows(
      "create table schema_migrations (version bigint not null primary key, dirty boolean not null)",
      USERS,
      "insert into schema_migrations values (1, true)",
    );
    expect(await outcome()).toMatchObject({ refusal: { code: "HISTORY_UNFINISHED" } });
    await rows("update schema_migrations set dirty = false");
    expect(names(await apply())).toEqual(["02_nick.up.sql", "03_x.up.sql"]);
    expect(await rows("select * from schema_migrations")).toEqual([{ version: "3", dirty: false }]);
    expect(await apply()).toMatchObject({ before: 3, applied: [] });
  });

  test("dbmate: versions are read and written; a table of that name of another tool is refused", async () => {
    await write({ "01_users.sql": `-- migrate:up\n${USERS}`, "02_x.sql": "-- migrate:up\nselect 1;\n" });
    await rows(
      "create table schema_migrations (version varchar primary key)",
      USERS,
      "insert into schema_migrations values ('01')",
    );
    expect(names(await apply())).toEqual(["02_x.sql"]);
    expect(await rows("select version from schema_migrations order by 1")).toEqual([
      { version: "01" },
      { version: "02" },
    ]);
    await rows("alter table schema_migrations add dirty boolean");
    expect(await outcome()).toMatchObject({ refusal: { code: "TOOL_LEDGER_UNKNOWN" } });
  });

  test("Prisma: rows with the checksum of their file are applied, whatever the line ends; others and failed ones are refused", async () => {
    for (const name of ["20260101_users", "20260102_nick"]) await mkdir(join(folder, name));
    await write({
      "20260101_users/migration.sql": USERS,
      "20260102_nick/migration.sql": "alter table users add nick text;\n",
      "migration_lock.toml": 'provider = "postgresql"\n',
    });
    await rows(
      `create table _prisma_migrations (id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz,
         migration_name varchar(255) not null, logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(),
         applied_steps_count integer not null default 0)`,
      USERS,
      `insert into _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
         values ('a', encode(sha256('${USERS.replace("\n", "\r\n")}'::bytea), 'hex'), now(), '20260101_users', 1)`,
      "insert into _prisma_migrations (id, checksum, migration_name) values ('b', 'x', '20260102_nick')",
    );
    expect(await outcome()).toMatchObject({
      refusal: { code: "HISTORY_UNFINISHED", message: expect.stringContaining("20260102_nick") },
    });
    await rows("update _prisma_migrations set rolled_back_at = now() where id = 'b'");
    expect(names(await apply())).toEqual(["20260102_nick"]);
    expect(
      await rows(
        `select checksum = encode(sha256(E'alter table users add nick text;\\n'), 'hex') as sum, finished_at >= started_at as ended, applied_steps_count as steps
           from _prisma_migrations where migration_name = '20260102_nick' and rolled_back_at is null`,
      ),
    ).toEqual([{ sum: true, ended: true, steps: 1 }]);
    await rows("delete from change_mgmt_ledger.applied", "update _prisma_migrations set checksum = 'y' where id = 'a'");
    expect(await outcome()).toMatchObject({ refusal: { code: "HISTORY_CHANGED" } });
  });

  test("Supabase: versions are read and written with their statements", async () => {
    await mkdir(join(folder, "supabase/migrations"), { recursive: true });
    await write({
      "supabase/migrations/1_users.sql": USERS,
      "supabase/migrations/2_nick.sql": "alter table users add nick text;",
    });
    await rows(
      "create schema supabase_migrations",
      "create table supabase_migrations.schema_migrations (version text not null primary key)",
      USERS,
      "insert into supabase_migrations.schema_migrations values ('1')",
    );
    expect(names(await apply())).toEqual(["2_nick.sql"]);
    expect(
      await rows("select version, name, statements from supabase_migrations.schema_migrations order by 1"),
    ).toEqual([
      { version: "1", name: null, statements: null },
      { version: "2", name: "nick", statements: ["alter table users add nick text"] },
    ]);
  });

  test("Flyway: checksums of the lines are compared and written, versions in any spelling, and what is repeatable runs when it changed", async () => {
    const view = "create or replace view u as select id from users;\n";
    await write({
      "V1__add_users.sql": USERS,
      "V1_1__nick_name.sql": "\ufeff-- größe\r\nalter table users add nick text;\r\n\r\n",
      "R__users_view.sql": view,
    });
    await rows(
      `create table flyway_schema_history (installed_rank int not null primary key, version varchar(50), description varchar(200) not null,
         type varchar(20) not null, script varchar(1000) not null, checksum integer, installed_by varchar(100) not null,
         installed_on timestamp not null default now(), execution_time integer not null, success boolean not null)`,
      USERS,
      `insert into flyway_schema_history values (1, '1', 'add users', 'SQL', 'V1__add_users.sql', 1591050818, 'postgres', now(), 3, true)`,
    );
    expect(names(await apply())).toEqual(["V1_1__nick_name.sql", "R__users_view.sql"]);
    expect(
      await rows(
        "select installed_rank as n, version, description, type, script, checksum, success from flyway_schema_history where installed_rank > 1 order by 1",
      ),
    ).toEqual([
      {
        n: 2,
        version: "1.1",
        description: "nick name",
        type: "SQL",
        script: "V1_1__nick_name.sql",
        checksum: -336317178,
        success: true,
      },
      {
        n: 3,
        version: null,
        description: "users view",
        type: "SQL",
        script: "R__users_view.sql",
        checksum: -23017221,
        success: true,
      },
    ]);
    expect(await apply()).toMatchObject({ applied: [], before: 3 });
    await write({ "R__users_view.sql": view.replace("id", "id, email") });
    expect(names(await apply())).toEqual(["R__users_view.sql"]);
    await write({ "R__users_view.sql": view.replace("id from", "id, email, nope from") });
    expect((await apply()).failed).toMatchObject({ refusal: { details: { sqlstate: "42703" } } });
    await write({ "R__users_view.sql": view.replace("id", "id, email"), "V1__add_users.sql": `${USERS}-- more\n` });
    expect(await outcome()).toMatchObject({ refusal: { code: "HISTORY_CHANGED" } });
    await write({ "V1__add_users.sql": USERS });
    await rows("update flyway_schema_history set success = false where installed_rank = 2");
    expect(await outcome()).toMatchObject({ refusal: { code: "HISTORY_UNFINISHED" } });
  });

  test("Flyway: what was there before its baseline counts as applied", async () => {
    await write({ "V1__add_users.sql": USERS, "V2.0__x.sql": "select 1;\n", "V3__y.sql": "select 1;\n" });
    await rows(
      `create table flyway_schema_history (installed_rank int not null primary key, version varchar(50), description varchar(200) not null,
         type varchar(20) not null, script varchar(1000) not null, checksum integer, installed_by varchar(100) not null,
         installed_on timestamp not null default now(), execution_time integer not null, success boolean not null)`,
      `insert into flyway_schema_history values (1, '2', '<< Flyway Baseline >>', 'BASELINE', '<< Flyway Baseline >>', null, 'postgres', now(), 0, true)`,
    );
    expect(names(await apply())).toEqual(["V3__y.sql"]);
  });

  test("one that did not commit leaves no trace in either ledger", async () => {
    await write({ "1_users.sql": `-- +goose Up\n${USERS}select 1/0;\n` });
    expect((await apply()).failed).toMatchObject({ refusal: { details: { sqlstate: "22012" } } });
    expect(await rows("select to_regclass('goose_db_version') as t")).toEqual([{ t: null }]);
    expect(await rows("select * from change_mgmt_ledger.applied")).toEqual([]);
  });
});
