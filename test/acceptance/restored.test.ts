import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startPostgres, type TestPostgres, withClient } from "@change-mgmt/server/testing/postgres.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dataFolder } from "./testing/folder.ts";
import { at, clientOf, newAdminToken } from "./testing/people.ts";
import { type Running, runCli, serve, work } from "./testing/processes.ts";
import { handwork, migration, Road } from "./testing/road.ts";
import { publicKeysOf, wholeTrail } from "./testing/trail.ts";
import { until } from "./testing/waiting.ts";
import {
  configurationOnServers,
  type EnvironmentName,
  makeTargets,
  settle,
  targetVariables,
} from "./testing/workspace.ts";

const LEDGER = "SELECT artifact_id, direction FROM change_mgmt_ledger.applied ORDER BY id";

let postgres: TestPostgres;
let databaseUrl: string;
let targets: Record<EnvironmentName, string>;
const folders = { embedded: dataFolder(), server: dataFolder(), worker: dataFolder() };
const adminToken = newAdminToken();
const running: Running[] = [];
const keep = (process: Running) => {
  running.push(process);
  return process;
};
const ask = async (url: string, sql: string) => await withClient(url, async (client) => (await client.query(sql)).rows);

beforeAll(async () => {
  postgres = await startPostgres();
  [databaseUrl, targets] = await Promise.all([postgres.newDatabase(), makeTargets(postgres)]);
});
afterAll(async () => {
  await Promise.all(running.map((process) => process.kill()));
  await postgres?.stop();
  for (const folder of Object.values(folders)) folder.remove();
});

test("from one embedded process to several on one Postgres: nothing of the backup goes on by itself, and what is released is not done twice", async () => {
  const env = { CHANGE_MGMT_ADMIN_TOKEN: adminToken, ...targetVariables(targets) };
  const file = join(folders.embedded.path, "before.jsonl.gz");
  const embedded = keep(await serve(["--no-demo", `--data-dir=${folders.embedded.path}`], env));
  let people = await settle(
    embedded.address,
    clientOf(embedded.address, adminToken),
    adminToken,
    configurationOnServers(),
  );
  const column = (name: string) =>
    migration(name, `ALTER TABLE users ADD COLUMN ${name} text;`, `ALTER TABLE users DROP COLUMN ${name};`);
  const road = await Road.begin(people, {
    title: "Two columns",
    artifacts: [column("one"), handwork("between"), column("two")],
  });
  await road.untilApproved();
  const { id } = await road.requestDeployment("development");
  const look = () => people.audrey.ask("deployments.get", { params: { id } });
  const waiting = await until("the deployment waits for handwork", look, ({ state }) => state === "waiting");
  const step = waiting.steps.find(({ state }) => state === "waiting")!.id;

  // The backup is taken while the deployment is unfinished; afterwards it comes to its end on the target.
  const backedUp = await runCli(["backup", file, `--server=${embedded.address}`], { CHANGE_MGMT_TOKEN: adminToken });
  expect(backedUp).toMatchObject({ code: 0 });
  await people.olga.ask("changes.signOff", { params: road.params, body: { step, note: "Done." } });
  await until("it ends", look, ({ state }) => state === "succeeded");
  expect(await embedded.stop()).toBe(0);
  const applied = ["one", "two"].map((artifact_id) => ({ artifact_id, direction: "deploy" }));
  expect(await ask(targets.development, LEDGER)).toEqual(applied);

  // Restored elsewhere, with the key of the trail in a variable that all processes share.
  const keyOf = (name: string) => readFileSync(join(folders.embedded.path, name), "utf8").trim();
  const keys = { CHANGE_MGMT_AUDIT_KEY: keyOf("audit-key"), CHANGE_MGMT_ACCOUNT_KEY: keyOf("account-key") };
  const shared = { ...env, ...keys, DATABASE_URL: databaseUrl };
  const restored = await runCli(["restore", file], { ...shared, CHANGE_MGMT_DATA: folders.server.path });
  expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining("Deployments are held") });
  keep(await work({ ...shared, CHANGE_MGMT_DATA: folders.worker.path }));
  const server = keep(await serve(["--no-demo"], { ...shared, CHANGE_MGMT_DATA: folders.server.path }));
  people = at(server.address, people);

  expect(await people.audrey.ask("hold.get")).toMatchObject({
    hold: { by: "restore", reason: expect.stringContaining("from a backup of ") },
    unfinished: [{ deployment: id, change: road.number, environment: "development", state: "waiting" }],
  });
  await people.olga.ask("changes.signOff", { params: road.params, body: { step, note: "Was done." } });
  await until(
    "all that wakes a worker was heard",
    () =>
      ask(
        databaseUrl,
        `SELECT (SELECT count(*)::int FROM change_mgmt.outbox WHERE sent_at IS NULL) AS unsent,
                (SELECT count(*)::int FROM change_mgmt_jobs.job WHERE state < 'completed') AS open`,
      ),
    ([row]) => row?.unsent === 0 && row.open === 0,
  );
  expect(await look()).toMatchObject({ state: "waiting", attempt: waiting.attempt });

  const released = await runCli(["deployment", "release", "--note=Compared with the target"], {
    CHANGE_MGMT_SERVER: server.address,
    CHANGE_MGMT_TOKEN: people.olga.token,
  });
  expect(released).toMatchObject({ code: 0, stdout: expect.stringContaining("Deployments are not held.") });
  await until("it ends here as well", look, ({ state }) => state !== "waiting" && state !== "running");
  expect(await look()).toMatchObject({ state: "succeeded", refusal: null });
  expect(await ask(targets.development, LEDGER)).toEqual(applied);

  const { entries } = await wholeTrail(people.audrey, publicKeysOf(folders.embedded.path));
  const told = entries.filter(({ event_type }) => /^(store\.(backup-taken|restored)|hold\.released)$/.test(event_type));
  expect(told.map(({ event_type, details }) => [event_type, details])).toEqual([
    ["store.backup-taken", {}],
    ["store.restored", expect.objectContaining({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })],
    ["hold.released", expect.objectContaining({ note: "Compared with the target", by: "restore" })],
  ]);
});
