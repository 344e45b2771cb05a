import type { MigrationArtifact } from "@change-mgmt/domain/change/change.ts";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readSchema } from "../../assets/databases/read-schema.ts";
import { createTargets } from "../../assets/databases/targets.ts";
import { startBreakingProxy } from "../../testing/breaking-proxy.ts";
import { startPostgres, type TestPostgres, withClient } from "../../testing/postgres.ts";
import { accepted, anEnvironment, aStepContext, runSteps } from "../../testing/step-context.ts";
import { refusalOf } from "../../testing/target-conformance.ts";
import type { StepContext } from "../artifact.ts";
import { migrationKind } from "./migration.ts";

let postgres: TestPostgres;
let url: string;
let role: string;
let roles = 0;
const databases: string[] = [];
const env: Record<string, string> = {};
const targets = createTargets({ dataFolder: "/nowhere", env });
const place = anEnvironment("$" + "{TARGET}", { lockTimeoutMs: 10_000 });

beforeAll(async () => {
  postgres = await startPostgres();
});
/** Each test has a database, and a login that owns it and may do nothing else. */
beforeEach(async () => {
  url = await postgres.newDatabase();
  databases.push(new URL(url).pathname.slice(1));
  role = `modest_${process.pid}_${++roles}`;
  await onTarget(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
  await onTarget(`ALTER DATABASE ${new URL(url).pathname.slice(1)} OWNER TO ${role}`);
  await onTarget(`CREATE TABLE t (id int); ALTER TABLE t OWNER TO ${role}`);
  env.TARGET = Object.assign(new URL(url), { username: role, password: "x" }).href;
});
afterAll(async () => {
  await withClient(postgres.url, async (client) => {
    for (const name of databases) await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
    for (let n = 1; n <= roles; n++) await client.query(`DROP ROLE modest_${process.pid}_${n}`);
  });
  await postgres.stop();
});

const onTarget = (sql: string) => withClient(url, async (client) => (await client.query(sql)).rows);

function aMigration(up: string): MigrationArtifact {
  return { kind: "migration", id: "m", name: "m.sql", up, down: null, transactional: true };
}

async function deploy(up: string, with_: Partial<StepContext> = {}) {
  const context = aStepContext(place, targets, with_);
  const result = await runSteps(accepted(await migrationKind.plan(aMigration(up), "deploy")), context);
  await context.close();
  return result;
}

test("a login that is no more than the owner can be deployed with, and its schema read", async () => {
  await onTarget(`CREATE FOREIGN DATA WRAPPER away; CREATE SERVER elsewhere FOREIGN DATA WRAPPER away;
    CREATE USER MAPPING FOR PUBLIC SERVER elsewhere OPTIONS (password 'hidden')`);
  const session = accepted(await targets.open(place));
  const schema = accepted(await readSchema(session, place));
  await session.close();
  expect(Object.keys(schema.objects)).toContainEqual(expect.stringMatching(/^other:user mapping/));
  expect(JSON.stringify(schema)).not.toContain("hidden");
  expect(await deploy("ALTER TABLE t ADD a int;")).toEqual({ state: "done" });
});

test("the limits of the environment are in force, not those of the login", async () => {
  for (const limit of ["statement_timeout", "transaction_timeout"])
    await onTarget(`ALTER ROLE ${role} SET ${limit} = '300ms'`);
  expect(await deploy("SELECT pg_sleep(0.5); ALTER TABLE t ADD a int;")).toEqual({ state: "done" });
});

test("two deployments at once apply it once, though the database freezes what a transaction sees when it begins", async () => {
  await onTarget(
    `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_isolation = 'repeatable read'`,
  );
  await deploy("SELECT 1;", { change: { id: "another", number: "CHG-2", title: "Makes the ledger" } });
  const both = await Promise.all(
    ["d1", "d2"].map((deploymentId) => deploy("INSERT INTO t VALUES (1); SELECT pg_sleep(0.3);", { deploymentId })),
  );
  const ends = both.map((result) => (result.state === "failed" ? result.refusal.code : result.state)).sort();
  expect(ends).toEqual(["ALREADY_APPLIED", "done"]);
  expect(await onTarget("SELECT id FROM t")).toEqual([{ id: 1 }]);
});

test("a statement whose connection is lost does not run on for long on the server", async () => {
  const proxy = await startBreakingProxy(env.TARGET!);
  env.TARGET = proxy.url;
  await onTarget(`CREATE TABLE slow (seconds int); ALTER TABLE slow OWNER TO ${role}; INSERT INTO slow VALUES (600)`);
  const running = deploy("SELECT pg_sleep(seconds) FROM slow; ALTER TABLE t ADD a int;");
  const asleep = () =>
    onTarget("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()");
  await expect.poll(asleep, { timeout: 30_000 }).toHaveLength(1);
  await onTarget("DELETE FROM slow");
  proxy.cut();
  expect(await running).toEqual({ state: "done" });
  await proxy.stop();
});

test("an index that is stopped while it waits for a lock ends, however long the environment would wait", async () => {
  const holder = new pg.Client({ connectionString: url });
  holder.on("error", () => undefined);
  await holder.connect();
  await holder.query("BEGIN; INSERT INTO t VALUES (1)");
  const stop = new AbortController();
  const patient = { ...place, lockTimeoutMs: 600_000 };
  const context = aStepContext(patient, targets, { signal: stop.signal });
  const index = { ...aMigration("CREATE INDEX CONCURRENTLY t_id ON t (id);"), transactional: false };
  const running = runSteps(accepted(await migrationKind.plan(index, "deploy")), context);
  // Once it is in the catalog, the build waits for whoever has written.
  const waiting = () => onTarget("SELECT 1 FROM pg_index WHERE indexrelid = to_regclass('t_id')");
  await expect.poll(waiting, { timeout: 30_000 }).toHaveLength(1);
  stop.abort();
  expect(await running).toMatchObject({
    state: "failed",
    refusal: { code: "DEPLOYMENT_CANCELLED" },
    targetState: "Statement 1 of 1 failed and left the INVALID index public.t_id, which the next try drops.",
  });
  await context.close();
  await holder.end();
});

test("where a name is not found, the search path that led there is named", async () => {
  await onTarget(`ALTER ROLE ${role} SET search_path = nowhere`);
  const refusal = refusalOf(await deploy("ALTER TABLE t ADD a int;"));
  expect(refusal).toMatchObject({ code: "MIGRATION_FAILED", details: { sqlstate: "42P01" } });
  expect(refusal.hint).toMatch(/The search path of this login is nowhere/);
});

test("a search path with functions of the same names as Postgres's own misleads nobody", async () => {
  await onTarget(`CREATE SCHEMA evil; GRANT USAGE ON SCHEMA evil TO ${role};
    CREATE FUNCTION evil.set_config(text, text, boolean) RETURNS text LANGUAGE sql AS $$ SELECT 'no' $$;
    CREATE FUNCTION evil.pg_advisory_xact_lock(bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE 'shadowed'; END $$;
    CREATE FUNCTION evil.to_regclass(text) RETURNS regclass LANGUAGE sql AS $$ SELECT NULL::regclass $$`);
  await onTarget(`ALTER ROLE ${role} SET search_path = evil, pg_catalog, public`);
  expect(await deploy("ALTER TABLE t ADD a int;")).toEqual({ state: "done" });
});
