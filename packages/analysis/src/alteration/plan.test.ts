import { tmpdir } from "node:os";
import { join } from "node:path";
import { diffSchemas } from "@change-mgmt/domain/schema/diff.ts";
import { PGlite } from "@electric-sql/pglite";
import { citext } from "@electric-sql/pglite/contrib/citext";
import { afterAll, beforeAll, expect, test } from "vitest";
import { introspect } from "../introspection/introspect.ts";
import { templateDump } from "../rehearsal/template.ts";
import { planAlteration } from "./plan.ts";
import { applySteps } from "./verify-alteration.ts";

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create({
    extensions: { citext },
    loadDataDir: await templateDump(join(tmpdir(), "change-mgmt-test-cache")),
  });
  await database.exec("create role reader");
});
afterAll(() => database.close());

const read = () =>
  introspect((text, values) => database.query<Record<string, unknown>>(text, values), { dependencies: true });

/** Makes a schema in a transaction that is rolled back. */
async function scratch<T>(sql: string, then: () => Promise<T>): Promise<T> {
  await database.exec("begin");
  try {
    await database.exec(sql);
    return await then();
  } finally {
    await database.exec("rollback");
  }
}

/** Applies the plan between two schemas to the first; the statements, and what still differs afterwards. */
async function led(first: string, second: string) {
  const from = await scratch(first, read);
  const to = await scratch(second, read);
  const { steps, obstacles } = planAlteration(from, to, { recreate: true });
  return scratch(first, async () => {
    const run = async (sql: string) => void (/^(?:begin|commit)$/.test(sql) || (await database.exec(sql)));
    const failed = await applySteps({ run }, steps);
    const left = failed === null ? diffSchemas(await read(), to) : [];
    const reasons = obstacles.map(({ object, reason }) => `${object}: ${reason}`);
    return {
      failed,
      reasons,
      left: left.map(({ object, detail }) => `${object} ${detail}`),
      sql: steps.map((step) => step.sql),
    };
  });
}

const DONE = { failed: null, reasons: [], left: [] };
const DEFAULTS = `alter default privileges in schema app grant execute on functions to reader;
  alter default privileges grant usage on types to reader`;
const EXTENSION = "create extension citext with schema app";

test("what an extension makes gets no permission by default privileges that it was not to get", async () => {
  const kept = await led(`create schema app; ${DEFAULTS}`, `create schema app; ${EXTENSION}; ${DEFAULTS}`);
  expect(kept).toMatchObject(DONE);
  expect(kept.sql.filter((sql) => sql.startsWith("CREATE EXTENSION"))).toHaveLength(1);
});

test("what an extension makes gets the permissions that it has on the other side", async () => {
  const wanted = `create schema app; ${DEFAULTS}; ${EXTENSION}; revoke all on function app.citext(boolean) from public`;
  expect(await led(`create schema app; ${DEFAULTS}`, wanted)).toMatchObject(DONE);
  expect(await led("create schema app", wanted)).toMatchObject(DONE);
  expect(await led(wanted, `create schema app; ${EXTENSION}`)).toMatchObject(DONE);
  const moved = `create schema app; create schema extra; ${DEFAULTS}; create extension citext with schema extra`;
  expect(await led(`${wanted}; create schema extra`, moved)).toMatchObject(DONE);
});

test("a partitioned table that is made again, refers to a table that stays and loses a partition, is in no circle with it", async () => {
  const first = `create table one (id int primary key); create table split (id int references one, k int) partition by list (k);
    create table part partition of split for values in (1) partition by list (k); create table leaf partition of part for values in (1)`;
  expect(await led(first, "create table one (id int primary key); create table split (id int, k int)")).toMatchObject(
    DONE,
  );
  const retyped =
    "create table one (id bigint primary key); create table split (id bigint references one, k int) partition by range (k)";
  expect(await led(first, retyped)).toMatchObject(DONE);
});

test("a foreign key of a partition goes with that of its parent, though both tables go and what they refer to", async () => {
  const split = "create table split (id int, k int) partition by list (k)";
  const parts = `create table part partition of split for values in (1) partition by list (k);
    create table leaf partition of part for values in (1)`;
  const first = `create table one (id int primary key); ${split}; alter table split add constraint to_one foreign key (id) references one; ${parts}`;
  const { sql, ...rest } = await led(first, "create table other (id int)");
  expect(rest).toEqual(DONE);
  expect(sql.filter((one) => one.includes("DROP CONSTRAINT"))).toEqual([
    "ALTER TABLE public.split DROP CONSTRAINT to_one;",
  ]);
});
