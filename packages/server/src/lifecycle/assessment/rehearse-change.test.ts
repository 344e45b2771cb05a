import type { MigrationArtifact } from "@change-mgmt/domain/change/change.ts";
import { ENGINE } from "@change-mgmt/domain/identity/permissions.ts";
import { validateChange } from "@change-mgmt/domain/lifecycle/implementation/validation.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTargets } from "../../assets/databases/targets.ts";
import type { Door } from "../../commands/execute.ts";
import { loadChange } from "../../storage/change-record.ts";
import { newId } from "../../storage/ids.ts";
import { json } from "../../storage/json.ts";
import { loadSituation } from "../../storage/situation-record.ts";
import type { Store } from "../../storage/store.ts";
import { startPostgres, type TestPostgres, withClient } from "../../testing/postgres.ts";
import { accepted, aSmallWorkspace, refused, type SmallWorkspace } from "../../testing/small-workspace.ts";
import { openedStore, TEST_CACHE } from "../../testing/stores.ts";
import { editChange } from "../requests/edit-change.ts";
import { recordRehearsal } from "./record-rehearsal.ts";
import { engineInForce } from "./rehearsal-engine.ts";
import { rehearseChange } from "./rehearse-change.ts";
import { targetEvidence, targetNow } from "./target-evidence.ts";

let postgres: TestPostgres;
let store: Store;
let workspace: SmallWorkspace;

beforeAll(async () => {
  postgres = await startPostgres();
});

beforeEach(async () => {
  await store?.close();
  store = await openedStore({ databaseUrl: await postgres.newDatabase() });
  workspace = await aSmallWorkspace(store);
});

afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

type Place = { readonly name: string; readonly database: string };

function aMigration(id: string, up: string, down: string | null = null): MigrationArtifact {
  return { kind: "migration", id, name: `${id}.sql`, up, down, transactional: true };
}

const env: Record<string, string> = {};
const targets = createTargets({ dataFolder: "/nowhere", env });
const history = [{ name: "0001_users.sql", sql: "CREATE TABLE users (id int PRIMARY KEY, name text)" }];
const environments = [{ name: "staging", database: "embedded:staging" }];
const nickname = aMigration("nickname", "ALTER TABLE users ADD nickname text", "ALTER TABLE users DROP nickname");
const byNickname = aMigration("by-nickname", "CREATE INDEX by_nickname ON users (nickname)", "DROP INDEX by_nickname");

async function rehearse(changeId: string | null, event = "change.created", door: Door = workspace.door): Promise<void> {
  const engine = () => engineInForce(store.db, undefined);
  const handler = rehearseChange({ db: store.db, door, targets, cacheFolder: TEST_CACHE, engine });
  expect(handler.events).toContain(event);
  const signal = new AbortController().signal;
  await handler.handle({ key: newId(), event, changeId, details: {}, attempt: 1, signal });
}

async function found(changeId: string) {
  const change = accepted(await loadChange(store.db, changeId));
  const situation = await loadSituation(store.db, change, new Date());
  const { process } = workspace.processes.inForce("quick")!;
  const checks = validateChange(process, change, situation).checks.filter(({ id }) => id.startsWith("rehearsal:"));
  return {
    change,
    rehearsals: situation.rehearsals,
    checks: checks.map(({ id, result, message }) => ({ id, result, message })),
  };
}

const outcomes = async (changeId: string) => (await found(changeId)).rehearsals.map(({ outcome }) => outcome);
const eventsOf = async (changeId: string) =>
  (await store.db.selectFrom("audit_trail").select("action").where("change_id", "=", changeId).orderBy("id").execute())
    .map(({ action }) => action)
    .filter((action) => action.startsWith("rehearsal."));

/** Writes down that a change is, or was, deployed to staging. */
async function standsInStaging(changeId: string, state: string): Promise<void> {
  const id = newId();
  await store.db
    .insertInto("deployments")
    .values({
      id,
      change_id: changeId,
      environment: "staging",
      direction: "deploy",
      state: "succeeded",
      content_hash: "",
      plan: json<unknown>({}),
      reason: null,
      requested_by: "olga",
      requested_at: new Date(),
      started_at: null,
      finished_at: null,
      cancelled_by: null,
      cancel_reason: null,
      target_state: null,
    })
    .execute();
  const row = { change_id: changeId, environment: "staging", state, deployment_id: id, updated_at: new Date() };
  await store.db
    .insertInto("change_environments")
    .values(row)
    .onConflict((conflict) => conflict.columns(["change_id", "environment"]).doUpdateSet(row))
    .execute();
}

test("it runs on the major that the configuration says, and tells where there is only a near one", async () => {
  await workspace.configure(environments, history, { postgres: 15 });
  const change = await workspace.submitted([nickname]);
  await rehearse(change);
  expect((await found(change)).rehearsals).toMatchObject([
    { outcome: "passed", message: expect.stringMatching(/The target is Postgres 15; this ran on 16\./) },
  ]);
  expect(await engineInForce(store.db, "postgres://shadow")).toEqual({ targetMajor: 15, server: "postgres://shadow" });
});

test("a migration starts on the history and on what other changes have brought and not taken back", async () => {
  await workspace.configure(environments, history);
  const first = await workspace.submitted([nickname]);
  const second = await workspace.submitted([byNickname]);
  await rehearse(first);
  expect(await outcomes(first)).toEqual(["passed"]);
  await rehearse(second);
  expect(await outcomes(second)).toEqual(["failed"]);
  expect((await found(second)).checks).toEqual([
    {
      id: "rehearsal:by-nickname:up",
      result: "failed",
      message: expect.stringContaining('column "nickname" does not exist'),
    },
  ]);

  await rehearse(first, "deployment.succeeded");
  expect(await eventsOf(second)).toEqual(["rehearsal.failed"]);
  await standsInStaging(first, "deployed");
  await rehearse(first, "deployment.succeeded");
  expect(await outcomes(second)).toEqual(["passed"]);
  expect(await eventsOf(second)).toEqual(["rehearsal.failed", "rehearsal.passed"]);
  expect(await eventsOf(first)).toEqual(["rehearsal.passed"]);

  await standsInStaging(first, "rolled-back");
  const third = await workspace.submitted([byNickname]);
  await rehearse(third);
  expect(await outcomes(third)).toEqual(["failed"]);
});

test("what fails without any history is not held against the migration, and is rehearsed again when a history comes", async () => {
  const change = await workspace.submitted([nickname]);
  await rehearse(change);
  expect(await outcomes(change)).toEqual(["not-rehearsable"]);
  expect((await found(change)).checks).toMatchObject([
    {
      id: "rehearsal:nickname:up",
      result: "inconclusive",
      message: expect.stringContaining("`config import` hands it in"),
    },
  ]);
  await workspace.configure(environments, history);
  await rehearse(null, "config.imported");
  expect(await outcomes(change)).toEqual(["passed"]);
  expect(await eventsOf(change)).toEqual(["rehearsal.inconclusive", "rehearsal.passed"]);
});

test("what needs no history passes without one", async () => {
  const change = await workspace.submitted([aMigration("books", "CREATE TABLE books (id int)", "DROP TABLE books")]);
  await rehearse(change);
  expect(await outcomes(change)).toEqual(["passed"]);
});

test("a history that cannot be had here says so, and nothing is taken for fine", async () => {
  await workspace.configure(environments, [{ name: "0001.sql", sql: "CREATE EXTENSION postgis" }]);
  const change = await workspace.submitted([nickname]);
  await rehearse(change);
  expect(await outcomes(change)).toEqual(["not-rehearsable"]);
  expect((await found(change)).checks[0]).toMatchObject({
    result: "inconclusive",
    message: expect.stringContaining("postgis"),
  });
});

test("up and down each say what they are about", async () => {
  await workspace.configure(environments, history);
  const wrong = aMigration(
    "wrong",
    "ALTER TABLE users ADD a int;\nALTER TABLE users ADD b int",
    "ALTER TABLE users DROP a",
  );
  const broken = aMigration("broken", "CREATE TABLE t (id int)", "DROP TABLE t;\nDROP TABLE u");
  const bare = aMigration("bare", "CREATE TABLE bare (id int)");
  const change = await workspace.submitted([nickname, wrong, broken, bare]);
  await rehearse(change);
  expect((await found(change)).checks).toEqual([
    { id: "rehearsal:nickname:up", result: "passed", message: "1 statement ran." },
    { id: "rehearsal:nickname:down", result: "passed", message: "Up and down again leave the schema as it was." },
    { id: "rehearsal:wrong:up", result: "passed", message: "2 statements ran." },
    {
      id: "rehearsal:wrong:down",
      result: "failed",
      message: expect.stringMatching(/^The rollback leaves a difference: .*users.*b/),
    },
    { id: "rehearsal:broken:up", result: "passed", message: "1 statement ran." },
    {
      id: "rehearsal:broken:down",
      result: "failed",
      message: expect.stringMatching(/^The rollback fails in line 2: .*"u"/),
    },
    { id: "rehearsal:bare:up", result: "passed", message: "1 statement ran." },
    { id: "rehearsal:bare:down", result: "not-applicable", message: expect.any(String) },
  ]);
});

test("what a migration breaks is found and raises the change, whatever its form says", async () => {
  await workspace.configure(environments, history);
  const change = await workspace.submitted([
    aMigration("drop", "ALTER TABLE users DROP name", "ALTER TABLE users ADD name text"),
  ]);
  expect((await found(change)).change.facts.breaking).toBe(false);
  await rehearse(change);
  expect((await found(change)).change.facts.breaking).toBe(true);
  const row = await store.db
    .selectFrom("change_requests")
    .select("breaking")
    .where("id", "=", change)
    .executeTakeFirst();
  expect(row).toEqual({ breaking: true });
});

test("a content that was edited while it was rehearsed is not judged by it", async () => {
  await workspace.configure(environments, history);
  const change = await workspace.submitted([nickname]);
  const artifacts = [{ ...nickname, up: `${nickname.up} NOT NULL` }];
  const editing = {
    async execute(...args: Parameters<Door["execute"]>) {
      accepted(await workspace.door.execute(editChange, { id: change, artifacts }, { actor: workspace.people.rosa }));
      return await workspace.door.execute(...args);
    },
  } as Door;
  await rehearse(change, "change.created", editing);
  expect(await outcomes(change)).toEqual([]);
  await rehearse(change, "change.edited");
  expect((await found(change)).rehearsals).toMatchObject([{ contentHash: (await found(change)).change.contentHash }]);
});

test("a content is rehearsed once, and only the engine records what came of it", async () => {
  await workspace.configure(environments, history);
  const change = await workspace.submitted([nickname]);
  await rehearse(change);
  await rehearse(change, "change.edited");
  expect(await eventsOf(change)).toEqual(["rehearsal.passed"]);
  const { contentHash } = (await found(change)).change;
  const results = [
    { artifact: "nickname", outcome: "passed", report: { rollback: "exact", message: "", rollbackMessage: "" } },
  ];
  const record = (actor: typeof ENGINE, hash = contentHash) =>
    workspace.door.execute(recordRehearsal, { id: change, contentHash: hash, results }, { actor });
  expect(refused(await record(workspace.people.admin)).code).toBe("NOT_ALLOWED");
  expect(refused(await record(ENGINE, "before the edit")).code).toBe("CONTENT_CHANGED");
});

test("without migrations there is nothing to rehearse", async () => {
  const change = await workspace.submitted([]);
  await rehearse(change);
  expect(await eventsOf(change)).toEqual([]);
});

test("what it comes to in each environment is looked at before anybody votes, and becomes facts of the change", async () => {
  env.STAGING = await postgres.newDatabase();
  env.PRODUCTION = "postgres://nobody:x@127.0.0.1:1/none";
  const [staging, production] = ["staging", "production"].map((name) => ({
    name,
    database: `\${${name.toUpperCase()}}`,
  })) as [Place, Place];
  await withClient(env.STAGING, (client) =>
    client.query(
      "create table users (id int primary key, name text); insert into users select n, repeat('x', 50) from generate_series(1, 1000) n; analyze users",
    ),
  );
  await workspace.configure([staging], history);
  const wide = aMigration("wide", "ALTER TABLE users ALTER id TYPE bigint");
  const id = await workspace.submitted([wide]);
  await rehearse(id);
  const { change } = await found(id);
  expect(change.facts).toMatchObject({ rewrittenBytes: expect.any(Number), blockedSeconds: expect.any(Number) });
  expect(change.facts.rewrittenBytes).toBeGreaterThan(50_000);
  const [evidence] = await targetEvidence(store.db, change);
  expect(evidence).toMatchObject({ environment: "staging", notKnown: [], migrations: [{ artifact: "wide" }] });
  expect(evidence!.migrations[0]!.statements[0]!.words[0]).toMatch(
    /^Writes public\.users \(\d+ kB, about 1,000 rows\) anew with its indexes\.$/,
  );
  const place = { ...staging, lockTimeoutMs: 300, statementTimeoutMs: 0, retries: 0 };
  await withClient(env.STAGING, async (client) => {
    await client.query("set application_name = 'reports'; begin; select from users limit 1");
    const now = await targetNow(store.db, targets, change, place);
    expect(now!.migrations[0]!.statements[0]!.words.join(" ")).toMatch(/Would wait now for process \d+ \(reports, /);
    await client.query("rollback");
  });

  await workspace.configure([staging, production], history);
  const both = await workspace.submitted([wide]);
  await rehearse(both);
  const away = await found(both);
  expect(away.change.facts).not.toHaveProperty("rewrittenBytes");
  expect(away.change.facts).not.toHaveProperty("blockedSeconds");
  const told = await targetEvidence(store.db, away.change);
  expect(told).toMatchObject([
    { environment: "staging", notKnown: [] },
    {
      environment: "production",
      at: null,
      rewrittenBytes: null,
      notKnown: [expect.stringContaining("cannot be reached")],
    },
  ]);
});
