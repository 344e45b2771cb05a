import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CheckDocument } from "@change-mgmt/api/check.ts";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freshFolder, runLine } from "../testing/run-line.ts";

const SERVER = process.env.DATABASE_URL_FOR_TESTS!;
const made: string[] = [];
let admin: pg.Client;
beforeAll(async () => {
  admin = new pg.Client({ connectionString: SERVER });
  await admin.connect();
});
afterAll(async () => {
  for (const name of made) await admin.query(`drop database if exists ${name} with (force)`);
  await admin.query("drop role if exists against_reader");
  await admin.end();
});

async function aDatabase(sql: string): Promise<{ url: string; ask: (text: string) => Promise<unknown[]> }> {
  const name = `against_${process.pid}_${made.length}`;
  made.push(name);
  await admin.query(`create database ${name}`);
  const url = Object.assign(new URL(SERVER), { pathname: `/${name}` }).href;
  const ask = async (text: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  };
  await ask(sql);
  return { url, ask };
}

function against(url: string, files: Readonly<Record<string, string>>, words: readonly string[] = []) {
  const cwd = freshFolder();
  mkdirSync(join(cwd, "db"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, "db", name), text);
  const env = { XDG_CACHE_HOME: join(tmpdir(), "change-mgmt-test-cache"), HOME: freshFolder(), LIVE_DATABASE_URL: url };
  return runLine(["check", "--against=LIVE_DATABASE_URL", ...words], { token: null, cwd, env });
}

const GOOSE_LEDGER = `create table goose_db_version (id serial primary key, version_id bigint not null, is_applied boolean not null, tstamp timestamp default now());
  insert into goose_db_version (version_id, is_applied) values (0, true), (1, true);`;
const GOOSE = {
  "00001_users.sql": "-- +goose Up\ncreate table users (id int primary key);\n-- +goose Down\ndrop table users;\n",
  "00002_handmade.sql":
    "-- +goose Up\nalter table users alter handmade type bigint;\n-- +goose Down\nalter table users alter handmade type int;\n",
  "00003_notes.sql": "-- +goose Up\ncreate table notes (id bigint primary key);\n-- +goose Down\ndrop table notes;\n",
};

test("rehearses what the ledger of a live database has not, on the schema as it is there, and writes nothing", async () => {
  const live = await aDatabase(
    `create role against_reader; create table users (id int primary key, handmade int); grant select on users to against_reader;
     create view seen as select handmade from users where id > 0; create policy own on users to against_reader using (true); ${GOOSE_LEDGER}
     create table rows_of_it as select g as id, repeat('x', 100) as filling from generate_series(1, 20000) g; analyze rows_of_it`,
  );
  const before = await live.ask(
    "select sum(n_tup_ins + n_tup_upd + n_tup_del)::int as written from pg_stat_user_tables",
  );
  const files = {
    ...GOOSE,
    "00002_handmade.sql":
      "-- +goose Up\ndrop view seen; alter table users alter handmade type bigint; create view seen as select handmade from users where id > 0;\n-- +goose Down\ndrop view seen; alter table users alter handmade type int; create view seen as select handmade from users where id > 0;\n",
    "00003_notes.sql":
      "-- +goose Up\nalter table rows_of_it alter id type bigint;\n-- +goose Down\nalter table rows_of_it alter id type int;\n",
  };
  const document = CheckDocument.parse((await against(live.url, files, ["--json"])).json());
  expect(document.files.map(({ path, rehearsal }) => [path, rehearsal.up.outcome, rehearsal.down.outcome])).toEqual([
    ["db/00002_handmade.sql", "ok", "exact"],
    ["db/00003_notes.sql", "ok", "exact"],
  ]);
  expect(document.histories[0]).toMatchObject({
    migrations: 3,
    checked: 2,
    notes: ["1 of them is applied there and left out."],
  });
  expect(document.files[1]!.notes[0]).toMatch(
    /^Line 2 writes anew public\.rows_of_it, which has about 20,000 rows and 3 MB there\.$/,
  );
  expect(document.notes[0]).toMatch(/^The schema to start on is that of .*\/against_\d+_0 \(Postgres \d+/);
  expect(
    await live.ask("select sum(n_tup_ins + n_tup_upd + n_tup_del)::int as written from pg_stat_user_tables"),
  ).toEqual(before);
  expect(await live.ask("select to_regclass('notes') as notes, to_regnamespace('change_mgmt_ledger') as own")).toEqual([
    { notes: null, own: null },
  ]);
});

test("without a ledger takes what was named for what is not there, and guesses nothing of a whole folder", async () => {
  const live = await aDatabase("create table users (id int primary key, handmade int)");
  const named = CheckDocument.parse((await against(live.url, GOOSE, ["db/00003_notes.sql", "--json"])).json());
  expect(named.files).toMatchObject([{ path: "db/00003_notes.sql", rehearsal: { up: { outcome: "ok" } } }]);
  expect(named.histories[0]!.notes.join()).toContain("those that were asked for are taken for not applied");
  const all = CheckDocument.parse((await against(live.url, GOOSE, ["--json"])).json());
  expect(all.files.map(({ rehearsal: { up } }) => [up.outcome, up.reason])).toEqual(
    Object.keys(GOOSE).map(() => [
      "not-rehearsable",
      expect.stringMatching(/^nothing in .* tells which migrations are applied there; name those that are not/),
    ]),
  );
});

test("says why nothing can be rehearsed where the database has an extension that is not here", async () => {
  const live = await aDatabase(`create extension xml2; create table users (id int, handmade int); ${GOOSE_LEDGER}`);
  const { files, ok } = CheckDocument.parse((await against(live.url, GOOSE, ["--json"])).json());
  expect(ok).toBe(true);
  expect(files.map(({ rehearsal: { up } }) => [up.outcome, up.reason])).toEqual([
    ["not-rehearsable", expect.stringContaining("the base needs the extension xml2, which the embedded Postgres")],
    ["not-rehearsable", expect.stringContaining("the base needs the extension xml2")],
  ]);
});

test("refuses with code and hint what cannot be read, and never repeats a password", async () => {
  const away = await against("postgres://rosa:s3cret%40x@127.0.0.1:1/app", GOOSE);
  expect(away).toMatchObject({ code: 3, stdout: "" });
  expect(away.stderr).toContain("127.0.0.1:1/app could not be read");
  expect(away.stderr).toContain("DATABASE_UNREADABLE");
  const refused = await against(
    Object.assign(new URL(SERVER), { username: "nobody", password: "s3cret@x" }).href,
    GOOSE,
  );
  expect(refused.code).toBe(3);
  const nonsense = await against("s3cret@x", GOOSE);
  expect(nonsense).toMatchObject({ code: 2 });
  const elsewhere = await aDatabase("create table goose_db_version (a int)");
  const foreign = await against(elsewhere.url, GOOSE);
  expect(foreign.code).toBe(3);
  expect(foreign.stderr).toContain("TOOL_LEDGER_UNKNOWN");
  for (const { stdout, stderr } of [away, refused, nonsense, foreign]) {
    expect(stdout + stderr).not.toMatch(/s3cret/);
  }
  expect((await against("", GOOSE)).stderr).toContain("LIVE_DATABASE_URL is not set");
});
