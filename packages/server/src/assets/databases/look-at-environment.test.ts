import { onTarget } from "@change-mgmt/domain/lifecycle/assessment/on-target.ts";
import type { TargetRelation } from "@change-mgmt/domain/lifecycle/assessment/target-look.ts";
import { ratesOf } from "@change-mgmt/domain/lifecycle/assessment/target-look.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startPostgres, type TestPostgres, withClient } from "../../testing/postgres.ts";
import { accepted, anEnvironment } from "../../testing/step-context.ts";
import { lookAtEnvironment } from "./look-at-environment.ts";
import { createTargets } from "./targets.ts";

let postgres: TestPostgres;
let url: string;
const env: Record<string, string> = {};
const targets = createTargets({ dataFolder: "/nowhere", env });
const environment = anEnvironment("$" + "{TARGET}");
const ROWS = 20_000;

beforeAll(async () => {
  postgres = await startPostgres();
});
beforeEach(async () => {
  url = await postgres.newDatabase();
  env.TARGET = url;
  await withClient(url, async (client) => {
    await client.query(
      `create table users (id int primary key, name text); insert into users select n, repeat('x', 100) from generate_series(1, ${ROWS}) n; analyze users`,
    );
    await client.query('create schema "Odd.one"; create table "Odd.one"."Ta""ble" (id int); create table empty ()');
    await client.query(
      "create table parts (id int) partition by range (id); create table parts_1 partition of parts for values from (0) to (1000) partition by range (id)",
    );
    await client.query(
      "create table parts_1a partition of parts_1 for values from (0) to (500); create table parts_2 partition of parts for values from (1000) to (9000)",
    );
    await client.query(
      "insert into parts select n from generate_series(0, 400) n; insert into parts select n from generate_series(1000, 8000) n",
    );
  });
});
afterAll(() => postgres.stop());

async function look(relations: readonly string[], between: () => Promise<unknown> = async () => undefined) {
  return accepted(await lookAtEnvironment(targets, environment, relations, null, between));
}

const named = (relations: readonly TargetRelation[], name: string) => relations.find((one) => one.name === name);

/** A transaction that is open while something is done, after its statements. */
async function whileOpen<T>(
  address: string,
  statements: readonly string[],
  act: (pid: number) => Promise<T>,
): Promise<T> {
  return await withClient(address, async (client) => {
    const { rows } = await client.query("select pg_backend_pid() as pid");
    for (const statement of ["begin", ...statements]) await client.query(statement);
    const result = await act(rows[0].pid);
    await client.query("rollback");
    return result;
  });
}

test("sizes and rows are those that the server has, whatever names are like", async () => {
  const { look: now } = await look([
    "public.users",
    'Odd.one."Ta""ble"',
    '"Odd.one"."Ta""ble"',
    "public.empty",
    "public.none",
  ]);
  const { rows } = await withClient(url, (client) =>
    client.query("select pg_table_size('users') as size, pg_indexes_size('users') as indexes"),
  );
  expect(named(now.relations, "public.users")).toMatchObject({
    rows: ROWS,
    tableBytes: Number(rows[0].size),
    indexBytes: Number(rows[0].indexes),
    root: null,
  });
  expect(named(now.relations, '"Odd.one"."Ta""ble"')).toMatchObject({ rows: 0, tableBytes: 0 });
  expect(named(now.relations, "public.empty")).toMatchObject({ rows: 0 });
  expect(now.relations).toHaveLength(3);
  expect(now.unreadable).toEqual([]);
  expect(now.settings).toMatchObject({ lock_timeout: "1s", wal_level: "replica" });
});

test("partitions count together under their topmost table, and rows that were never counted are not known", async () => {
  const { look: now } = await look(["public.parts_1a"]);
  const [parts, leaf] = [named(now.relations, "public.parts"), named(now.relations, "public.parts_1a")];
  expect(leaf).toMatchObject({ root: "public.parts", rows: null });
  expect(parts).toMatchObject({ root: null, rows: null });
  expect(parts!.tableBytes).toBeGreaterThan(leaf!.tableBytes);
  await withClient(url, (client) => client.query("analyze parts"));
  expect(named((await look(["public.parts"])).look.relations, "public.parts")).toMatchObject({ rows: 7402 });
});

test("what is written and read between two looks becomes a rate", async () => {
  const { look: now, earlier } = await look(["public.users"], () =>
    withClient(url, async (client) => {
      await client.query("update users set name = 'y' where id <= 500");
      await client.query(
        "do $$ begin if current_setting('server_version_num')::int >= 150000 then perform pg_stat_force_next_flush(); end if; end $$",
      );
    }),
  );
  const [before, after] = [earlier!, now].map(({ relations }) => named(relations, "public.users")!);
  expect(after!.written! - before!.written!).toBe(500);
  expect(after!.read! - before!.read!).toBeGreaterThan(0);
  expect(
    ratesOf(after!, { ...now, at: "2026-01-01T00:00:10.000Z" }, { ...earlier!, at: "2026-01-01T00:00:00.000Z" }),
  ).toMatchObject({
    writes: 50,
  });
});

test("a transaction that holds a lock in the way is named with its age, and no more once it is over", async () => {
  const statement = {
    line: 1,
    kind: "alter_table",
    outcome: "ok",
    locks: [{ relation: "public.users", mode: "AccessExclusiveLock" }],
    rewrites: [],
    scans: [],
  };
  await whileOpen(url, ["set application_name = 'reports'", "select from users limit 1"], async (pid) => {
    const { look: now } = await look(["public.users"]);
    const [held] = onTarget([statement], true, now, null).statements[0]!.locks[0]!.heldUpBy;
    expect(held).toMatchObject({ pid, who: "reports", state: "idle in transaction", seconds: expect.any(Number) });
  });
  const { look: later } = await look(["public.users"]);
  expect(later.transactions).toEqual([]);
});

test("a login that may not read statistics gets sizes and locks, and is told what it does not see", async () => {
  const address = new URL(url);
  [address.username, address.password] = [`poor_${address.pathname.slice(1)}`, "poor"];
  await withClient(url, (client) => client.query(`create role ${address.username} login password 'poor'`));
  await whileOpen(
    url,
    ["set application_name = 'reports'", "update users set name = 'z' where id = 1"],
    async (pid) => {
      env.TARGET = address.toString();
      const { look: now } = await look(["public.users"]);
      expect(named(now.relations, "public.users")).toMatchObject({ rows: ROWS });
      expect(now.transactions).toMatchObject([
        { pid, state: null, seconds: null, locks: [{ relation: "public.users" }] },
      ]);
      expect(now.replicas).toBeNull();
      expect(now.unreadable).toEqual([expect.stringContaining("no member of pg_read_all_stats")]);
    },
  );
  await withClient(url, (client) => client.query(`drop role ${address.username}`));
});

test("a table that is locked against everybody is not waited for: the catalog says how large it was", async () => {
  await whileOpen(url, ["lock table users in access exclusive mode"], async (pid) => {
    const { look: now } = await look(["public.users"]);
    expect(named(now.relations, "public.users")!.tableBytes).toBeGreaterThan(ROWS * 100);
    expect(now.unreadable).toEqual([expect.stringContaining("sizes are those of the last VACUUM")]);
    expect(now.transactions).toMatchObject([{ pid }]);
  });
});

test("a server that does not count says nothing of rates rather than that there are none", async () => {
  await withClient(url, (client) =>
    client.query(`alter database ${client.escapeIdentifier(new URL(url).pathname.slice(1))} set track_counts = off`),
  );
  const { look: now } = await look(["public.users"]);
  expect(named(now.relations, "public.users")).toMatchObject({ written: null, read: null });
  expect(now.unreadable).toEqual([expect.stringContaining("track_counts is off")]);
});

test("nothing is looked at where there is an embedded database, or none to be reached", async () => {
  const embedded = await lookAtEnvironment(targets, anEnvironment("embedded:small"), []);
  expect(embedded).toMatchObject({ ok: false, refusal: { code: "TARGET_NOT_LOOKED_AT" } });
  env.TARGET = "postgres://nobody:x@127.0.0.1:1/none";
  expect(await lookAtEnvironment(targets, environment, [])).toMatchObject({
    ok: false,
    refusal: { code: "TARGET_UNREACHABLE" },
  });
});

test("with an earlier look one is enough", async () => {
  const { look: first } = await look([]);
  const never = () => Promise.reject(new Error("waited"));
  const second = accepted(await lookAtEnvironment(targets, environment, [], first, never));
  expect(second.earlier).toBe(first);
});

test("an empty list of relations is no question", async () => {
  expect((await look([])).look.relations).toEqual([]);
});
