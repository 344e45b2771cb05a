import { startPostgres, type TestPostgres, withClient } from "@change-mgmt/server/testing/postgres.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dataFolder } from "./testing/folder.ts";
import { at, clientOf, newAdminToken, type People, signIn } from "./testing/people.ts";
import { type Running, runCli, serve, work } from "./testing/processes.ts";
import { handwork, migration, Road } from "./testing/road.ts";
import { askEmbedded } from "./testing/targets.ts";
import { publicKeysOf, wholeTrail } from "./testing/trail.ts";
import { until } from "./testing/waiting.ts";
import {
  configurationOnServers,
  type EnvironmentName,
  makeTargets,
  settle,
  targetVariables,
} from "./testing/workspace.ts";

const SLOW = "slow@shop.example";
const slowFor = (seconds: number) => `SELECT pg_sleep(${seconds}) FROM users WHERE email = '${SLOW}';`;
const SLOW_ROW = `INSERT INTO users (name, email) VALUES ('Slow', '${SLOW}')`;
const LEDGER = "SELECT artifact_id, direction FROM change_mgmt_ledger.applied ORDER BY id";
const COLUMNS =
  "SELECT column_name FROM information_schema.columns WHERE table_name = 'users' AND column_name IN ('one', 'two', 'three') ORDER BY 1";

/** A change of three migrations with handwork after the first; the second takes its time, though not in rehearsals. */
function slowChange(seconds: number) {
  const column = (name: string, before = "") =>
    migration(name, `ALTER TABLE users ADD COLUMN ${name} text;\n${before}`, `ALTER TABLE users DROP COLUMN ${name};`);
  return [column("one"), handwork("between"), column("two", slowFor(seconds)), column("three")];
}

describe("a server on the embedded store that is killed", () => {
  const folder = dataFolder();
  const adminToken = newAdminToken();
  const env = { CHANGE_MGMT_ADMIN_TOKEN: adminToken };
  const start = () => serve([`--data-dir=${folder.path}`], env);
  let server: Running;
  let people: People;

  beforeAll(async () => {
    server = await start();
    people = await signIn(server.address, adminToken);
  });
  afterAll(async () => {
    await server?.kill();
    folder.remove();
  });

  test("has its directory to itself while it lives: a second one is refused and told who has it", async () => {
    const second = await runCli(["serve", "--port=0", `--data-dir=${folder.path}`, "--json"], env);
    expect(second.code).toBe(3);
    expect(`${second.stdout}${second.stderr}`).toContain("STORE_IN_USE");
    expect(`${second.stdout}${second.stderr}`).toContain(`process ${server.pid}`);
    expect(await people.rosa.ask("me")).toMatchObject({ handle: "rosa" });
  });

  test("goes on where it was, twice: each migration is applied once, and the trail is whole", async () => {
    await askEmbedded(folder.path, "development", SLOW_ROW);
    const checkpoint = await people.audrey.ask("audit.checkpoint");
    const road = await Road.begin(people, { title: "Three columns", artifacts: slowChange(4) });
    await road.untilApproved();
    const deployment = await road.requestDeployment("development");
    const look = () => people.audrey.ask("deployments.get", { params: { id: deployment.id } });

    const waiting = await until("the deployment waits for handwork", look, ({ state }) => state === "waiting");
    const step = waiting.steps.find(({ state }) => state === "waiting")!.id;
    await server.kill();
    server = await start();
    people = at(server.address, people);
    expect(await look()).toMatchObject({ state: "waiting" });
    await people.olga.ask("changes.signOff", { params: road.params, body: { step, note: "Looked." } });

    await until("the slow migration runs", look, ({ steps }) =>
      steps.some(
        ({ id, state, output }) =>
          id === "two:apply" && state === "running" && output.some((line) => /statement 2/.test(line)),
      ),
    );
    await server.kill();
    server = await start();
    people = at(server.address, people);

    const end = await road.ended(deployment, people.audrey);
    expect(end).toMatchObject({ state: "succeeded", refusal: null });
    expect(end.attempt).toBeGreaterThan(1);
    expect(end.steps.map(({ state }) => state)).toEqual(end.steps.map(() => "done"));
    expect(await askEmbedded(folder.path, "development", LEDGER)).toEqual(
      ["one", "two", "three"].map((artifact_id) => ({ artifact_id, direction: "deploy" })),
    );
    expect(await askEmbedded(folder.path, "development", COLUMNS)).toHaveLength(3);

    const { entries } = await wholeTrail(people.audrey, publicKeysOf(folder.path), checkpoint);
    const told = entries.filter((entry) => entry.change_request_id === road.number).map((entry) => entry.event_type);
    for (const once of ["deployment.requested", "deployment.signed-off", "deployment.succeeded", "rehearsal.passed"])
      expect([once, told.filter((event) => event === once).length]).toEqual([once, 1]);
    expect(told).not.toContain("deployment.failed");
  });
});

describe("a worker on Postgres that is killed", () => {
  const folder = dataFolder();
  const adminToken = newAdminToken();
  let postgres: TestPostgres;
  let databaseUrl: string;
  let targets: Record<EnvironmentName, string>;
  const running: Running[] = [];
  const keep = (process: Running) => {
    running.push(process);
    return process;
  };

  beforeAll(async () => {
    postgres = await startPostgres();
    [databaseUrl, targets] = await Promise.all([postgres.newDatabase(), makeTargets(postgres)]);
  });
  afterAll(async () => {
    await Promise.all(running.map((process) => process.kill()));
    await postgres?.stop();
    folder.remove();
  });

  test("is replaced by another one once its lease has run out; each migration is applied once", async () => {
    const env = {
      DATABASE_URL: databaseUrl,
      CHANGE_MGMT_DATA: folder.path,
      CHANGE_MGMT_ADMIN_TOKEN: adminToken,
      ...targetVariables(targets),
    };
    const onTarget = async (sql: string) =>
      await withClient(targets.development, async (client) => (await client.query(sql)).rows);
    const sleeping = () =>
      onTarget(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE 'SELECT pg_sleep%'",
      );
    const stored = async (sql: string) =>
      await withClient(databaseUrl, async (client) => (await client.query(sql)).rows);

    const server = keep(await serve(["--no-demo"], env));
    const people = await settle(
      server.address,
      clientOf(server.address, adminToken),
      adminToken,
      configurationOnServers(""),
    );
    await onTarget(SLOW_ROW);
    const [one, , two, three] = slowChange(8);
    const road = await Road.begin(people, { title: "Three columns", artifacts: [one!, two!, three!] });
    await road.untilApproved();

    // The server hands over in order what it has in hand when it is stopped; afterwards only the worker can have it.
    const first = keep(await work(env));
    const deployment = await road.requestDeployment("development");
    await until("the slow statement runs", sleeping, (rows) => rows.length === 1);
    await server.stop();
    await until("the worker has the slow statement", sleeping, (rows) => rows.length === 1);
    const second = keep(await work(env));
    await first.kill();
    await onTarget(`UPDATE users SET email = 'quick@shop.example' WHERE email = '${SLOW}'`);
    const [before] = await stored("SELECT state, attempt FROM change_mgmt.deployments");
    expect(before).toMatchObject({ state: "running" });

    const [after] = await until(
      "the second worker brings it to its end",
      () => stored("SELECT state, attempt, refusal FROM change_mgmt.deployments"),
      ([row]) => row?.state === "succeeded" || row?.state === "failed",
    );
    expect(after).toMatchObject({ state: "succeeded", refusal: null });
    expect(after.attempt).toBeGreaterThan(before.attempt);
    expect(await onTarget(LEDGER)).toEqual(
      ["one", "two", "three"].map((artifact_id) => ({ artifact_id, direction: "deploy" })),
    );
    expect(await onTarget(COLUMNS)).toHaveLength(3);
    expect(await second.stop()).toBe(0);

    const again = keep(await serve(["--no-demo"], env));
    const { audrey } = at(again.address, people);
    expect(await road.ended(deployment, audrey)).toMatchObject({ state: "succeeded" });
    const { entries } = await wholeTrail(audrey, publicKeysOf(folder.path));
    const ends = entries.filter((entry) => /^deployment\.(succeeded|failed|cancelled)$/.test(entry.event_type));
    expect(ends.map((entry) => [entry.event_type, entry.details.deployment])).toEqual([
      ["deployment.succeeded", deployment.id],
    ]);
  });
});
