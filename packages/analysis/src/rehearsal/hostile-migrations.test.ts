import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { rehearse } from "./rehearse.ts";
import type { RehearsalLimits } from "./report.ts";

const cacheFolder = join(tmpdir(), "change-mgmt-test-cache");
const BASE = [
  {
    name: "0001.sql",
    sql: "create table users (id int primary key);\ncreate function deep(n int) returns int language plpgsql as $$ begin return deep(n + 1); end $$;",
  },
];

async function outcome(up: string, down: string | null = null, limits: RehearsalLimits = {}) {
  const migration = { id: "m", name: "0002_x.sql", up, down, transactional: true };
  const { migrations } = await rehearse({ base: BASE, migrations: [migration], cacheFolder, limits });
  return migrations[0]!.rehearsal;
}

describe("a migration that means harm has a clear verdict in bounded time", () => {
  test.each([
    ["sleeps", "select 1;\nselect pg_sleep(1000);", { outcome: "fails", line: 2 }, /did not end within/],
    [
      "never stops counting",
      "\nselect count(*) from generate_series(1, 100000000000);",
      { outcome: "fails", line: 2 },
      /did not end within/,
    ],
    ["calls itself for ever", "select deep(1);", { line: 1 }, /stack depth|gave up/],
    [
      "multiplies itself",
      "with recursive bomb(n) as (select 1 union all select b.n + 1 from bomb b cross join generate_series(1, 10)) select count(*) from bomb;",
      { line: 1 },
      /did not end within|memory|could not/,
    ],
    ["commits in the middle", "drop table users;\ncommit;\nselect 1;", { outcome: "fails", line: 2 }, /COMMIT/],
    [
      "reads the host's files",
      "create table t (x text);\ncopy t from '/etc/passwd';",
      { outcome: "not-rehearsable", line: 2 },
      /outside the database/,
    ],
    ["runs a program", "copy users to program 'id';", { outcome: "not-rehearsable", line: 1 }, /outside the database/],
  ])("%s", async (_, sql, verdict, reason) => {
    const { up } = await outcome(sql, null, { statementMs: 5000 });
    expect(up).toMatchObject(verdict);
    expect(up.outcome).not.toBe("ok");
    expect(up.reason).toMatch(reason);
  });

  test("takes more memory than it may", async () => {
    const { up } = await outcome(
      "select length(string_agg(repeat('x', 1000000), '')), pg_sleep(20) from generate_series(1, 1000);",
      null,
      { memoryMb: 600 },
    );
    expect(up).toMatchObject({ outcome: "fails", line: 1, reason: expect.stringContaining("600 MiB of memory") });
  });

  test("drops the schema it lives in, and takes it back as far as that goes", async () => {
    const { up, down } = await outcome(
      "drop schema public cascade;",
      "create schema public; create table users (id int primary key);",
    );
    expect(up.outcome).toBe("ok");
    expect(down).toMatchObject({ outcome: "differs", data: "differs" });
    expect(down.differences.map(({ object }) => object)).toContain("public.deep(integer)");
  });

  test("hides what it does in a function, which is measured all the same", async () => {
    const body = `x${"é🦊".repeat(40_000)}x`;
    const sql = `create function hidden() returns void language plpgsql as $body$ begin perform '${body}'; execute 'drop table users'; end $body$;\nselect hidden();`;
    const migration = { id: "m", name: "m.sql", up: sql, down: null, transactional: true };
    const { migrations } = await rehearse({ base: BASE, migrations: [migration], cacheFolder });
    expect(migrations[0]).toMatchObject({
      breaking: true,
      statements: [{ line: 1 }, { line: 2, locks: [{ relation: "public.users", mode: "AccessExclusiveLock" }] }],
    });
  });
});
