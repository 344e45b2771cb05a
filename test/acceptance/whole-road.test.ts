import { type RunningServer, startServer } from "@change-mgmt/server/main.ts";
import { startPostgres, type TestPostgres, withClient } from "@change-mgmt/server/testing/postgres.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Diary } from "./testing/diary.ts";
import { dataFolder } from "./testing/folder.ts";
import { clientOf, newAdminToken, type People, signIn } from "./testing/people.ts";
import { migration, Road } from "./testing/road.ts";
import { askEmbedded } from "./testing/targets.ts";
import { publicKeysOf, wholeTrail } from "./testing/trail.ts";
import {
  configurationOnServers,
  type EnvironmentName,
  makeTargets,
  settle,
  targetVariables,
} from "./testing/workspace.ts";

/** Asks a target something, as somebody who looks at the database itself. */
type Look = (environment: EnvironmentName, sql: string) => Promise<Record<string, unknown>[]>;

interface Place {
  readonly people: People;
  readonly server: RunningServer;
  readonly dataDir: string;
  readonly look: Look;
}

const FILE = "20260406090000_add_user_preferences.sql";
const COLUMN = `SELECT data_type FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'preferences'`;
const LEDGER = "SELECT direction, name, change_number, applied_by FROM change_mgmt_ledger.applied ORDER BY id";
const SUPABASE =
  "SELECT version, name, cardinality(statements) AS statements FROM supabase_migrations.schema_migrations";

const preferences = migration(
  "preferences",
  "ALTER TABLE users ADD COLUMN preferences jsonb NOT NULL DEFAULT '{}'::jsonb;\nCOMMENT ON COLUMN users.preferences IS 'What the customer chose';",
  "ALTER TABLE users DROP COLUMN preferences;",
  { name: FILE, tool: "supabase" },
);

/** The road from request to production, back, forward again and closed, with everything that is refused on the way. */
async function walk({ people, server, dataDir, look }: Place): Promise<void> {
  const { rosa, lena, olga, quinn, audrey, bora } = people;
  const diary = new Diary();
  const checkpoint = await audrey.ask("audit.checkpoint");

  const road = await Road.begin(people, { title: "Add user preferences", artifacts: [preferences] }, diary);
  const { params, number } = road;
  expect(await road.now()).toMatchObject({ status: "assessing", team: "data-platform", requester: "rosa" });

  await diary.wasRefused(
    rosa,
    "change.assess",
    number,
    "NOT_ALLOWED",
    rosa.ask("changes.assess", { params, body: { impact: "none" } }),
  );
  await diary.wasRefused(
    olga,
    "change.deploy",
    number,
    "NO_TRANSITION",
    olga.ask("changes.deploy", { params, body: { environment: "development" } }),
  );
  await road.untilVotes();

  const { contentHash } = await road.now();
  const vote = { decision: "approve" as const, contentHash };
  await diary.wasRefused(
    olga,
    "change.deploy",
    number,
    "NO_TRANSITION",
    olga.ask("changes.deploy", { params, body: { environment: "development" } }),
  );
  await diary.wasRefused(rosa, "change.vote", number, "OWN_CHANGE", rosa.ask("changes.vote", { params, body: vote }));
  await diary.wasRefused(
    bora,
    "change.vote",
    number,
    "NOT_AN_APPROVER",
    bora.ask("changes.vote", { params, body: vote }),
  );
  expect((await road.now()).votes).toEqual([]);
  await road.approve(lena);
  await diary.wasRefused(
    lena,
    "change.vote",
    number,
    "ALREADY_VOTED",
    lena.ask("changes.vote", { params, body: vote }),
  );
  await road.at("approved");

  await diary.wasRefused(
    olga,
    "change.deploy",
    number,
    "PREVIOUS_ENVIRONMENT",
    olga.ask("changes.deploy", { params, body: { environment: "production" } }),
  );
  for (const environment of ["development", "staging"] as const) {
    await road.deployed(environment);
    expect(await look(environment, COLUMN)).toEqual([{ data_type: "jsonb" }]);
  }
  await diary.wasRefused(
    olga,
    "change.deploy",
    number,
    "STEPS_OPEN",
    olga.ask("changes.deploy", { params, body: { environment: "production" } }),
  );
  await road.complete(quinn, "integration-tests");
  expect(await look("production", COLUMN)).toEqual([]);
  await road.deployed("production");
  expect(await look("production", COLUMN)).toEqual([{ data_type: "jsonb" }]);
  expect(await look("production", SUPABASE)).toEqual([
    { version: "20260406090000", name: "add_user_preferences", statements: 2 },
  ]);
  await diary.wasRefused(
    olga,
    "change.deploy",
    number,
    "ALREADY_DEPLOYED",
    olga.ask("changes.deploy", { params, body: { environment: "production" } }),
  );

  const back = await road.rollBack("production");
  expect(back).toMatchObject({ state: "succeeded", refusal: null });
  expect(back.steps.map((step) => step.id)).toContain("compare-with-snapshot");
  expect(await look("production", COLUMN)).toEqual([]);
  expect(await look("production", SUPABASE)).toEqual([]);
  expect(await look("staging", COLUMN)).toEqual([{ data_type: "jsonb" }]);
  expect(await road.now()).toMatchObject({ status: "rolled_back" });

  await road.deployed("production");
  const applied = { name: FILE, change_number: number, applied_by: "olga" };
  expect(await look("production", LEDGER)).toEqual(
    ["deploy", "rollback", "deploy"].map((direction) => ({ direction, ...applied })),
  );
  expect(await look("staging", LEDGER)).toEqual([{ direction: "deploy", ...applied }]);

  await road.at("monitoring");
  await diary.wasRefused(lena, "change.close", number, "STEPS_OPEN", lena.ask("changes.close", { params, body: {} }));
  await road.completeUntil("monitoring");
  await diary.did(lena, "change.closed", lena.ask("changes.close", { params, body: { summary: "At the second go." } }));
  const closed = await road.now();
  expect(closed).toMatchObject({ status: "closed" });
  expect(closed.environments.map(({ environment, state }) => [environment, state])).toEqual([
    ["development", "deployed"],
    ["staging", "deployed"],
    ["production", "deployed"],
  ]);
  await diary.wasRefused(
    rosa,
    "change.edit",
    number,
    "CHANGE_OVER",
    rosa.ask("changes.edit", { params, body: { fields: { title: "Too late" } } }),
  );

  const { entries } = await wholeTrail(audrey, publicKeysOf(dataDir), checkpoint);
  diary.heldAgainst(entries);
  const count = (event: string) =>
    entries.filter((entry) => entry.event_type === event && entry.change_request_id === number).length;
  expect([count("deployment.succeeded"), count("rollback.succeeded"), count("rehearsal.passed")]).toEqual([4, 1, 1]);
  expect(await metrics(server.address)).toMatchObject({
    change_requests_created_total: 1,
    change_deployments_total: 4,
    change_rollbacks_total: 1,
    change_deployments_failed_total: 0,
    change_votes_total: 1,
  });
}

async function metrics(address: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${address}/metrics`)).text();
  return Object.fromEntries(
    [...text.matchAll(/^(\w+)(?:\{[^}]*\})? ([\d.e+]+)$/gm)].map(([, name, value]) => [name, Number(value)]),
  );
}

async function begin(options: Partial<Parameters<typeof startServer>[0]> & { dataDir: string; adminToken: string }) {
  const started = await startServer({ port: 0, host: "127.0.0.1", demo: true, env: {}, say: () => {}, ...options });
  if (!started.ok) throw new Error(started.refusal.message);
  return started.value;
}

describe("on the embedded store, with embedded databases", () => {
  const folder = dataFolder();
  const adminToken = newAdminToken();
  let server: RunningServer;
  beforeAll(async () => {
    server = await begin({ dataDir: folder.path, adminToken });
  });
  afterAll(async () => {
    await server?.close();
    folder.remove();
  });

  test("a change goes the whole way to production, back, there again, and is closed", async () => {
    const look: Look = (environment, sql) => askEmbedded(folder.path, environment, sql);
    await walk({ people: await signIn(server.address, adminToken), server, dataDir: folder.path, look });
  });
});

describe("on a real Postgres, with three real databases", () => {
  const folder = dataFolder();
  const adminToken = newAdminToken();
  let postgres: TestPostgres;
  let targets: Record<EnvironmentName, string>;
  let server: RunningServer;
  beforeAll(async () => {
    postgres = await startPostgres();
    targets = await makeTargets(postgres);
    const databaseUrl = await postgres.newDatabase();
    server = await begin({ dataDir: folder.path, databaseUrl, adminToken, demo: false, env: targetVariables(targets) });
  });
  afterAll(async () => {
    await server?.close();
    await postgres?.stop();
    folder.remove();
  });

  test("a change goes the whole way to production, back, there again, and is closed", async () => {
    const look: Look = (environment, sql) =>
      withClient(targets[environment], async (client) => (await client.query(sql)).rows);
    const people = await settle(
      server.address,
      clientOf(server.address, adminToken),
      adminToken,
      configurationOnServers(),
    );
    await walk({ people, server, dataDir: folder.path, look });
  });
});
