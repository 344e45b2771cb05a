import { startPostgres, type TestPostgres, withClient } from "@change-mgmt/server/testing/postgres.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dataFolder } from "./testing/folder.ts";
import { type LaterVersion, laterVersion } from "./testing/later-version.ts";
import { at, clientOf, newAdminToken } from "./testing/people.ts";
import { type Running, runCli, serve, work } from "./testing/processes.ts";
import { migration, Road } from "./testing/road.ts";
import { publicKeysOf, wholeTrail } from "./testing/trail.ts";
import {
  configurationOnServers,
  type EnvironmentName,
  makeTargets,
  settle,
  targetVariables,
} from "./testing/workspace.ts";

/** What a release may do to tables that the version before works with. */
const EXPANDS = `CREATE TABLE change_mgmt.later (id integer PRIMARY KEY);
ALTER TABLE change_mgmt.change_requests ADD COLUMN later text NOT NULL DEFAULT 'unknown';
CREATE INDEX deployments_later ON change_mgmt.deployments (requested_at);`;

let postgres: TestPostgres;
let databaseUrl: string;
let targets: Record<EnvironmentName, string>;
let later: LaterVersion;
const folder = dataFolder();
const adminToken = newAdminToken();
const running: Running[] = [];
const keep = (process: Running) => {
  running.push(process);
  return process;
};
const ready = async ({ address }: Running) => (await fetch(`${address}/readyz`)).status;

beforeAll(async () => {
  later = laterVersion(EXPANDS);
  postgres = await startPostgres();
  [databaseUrl, targets] = await Promise.all([postgres.newDatabase(), makeTargets(postgres)]);
});
afterAll(async () => {
  await Promise.all(running.map((process) => process.kill()));
  await postgres?.stop();
  later?.remove();
  folder.remove();
});

test("processes of two versions share one Postgres: those of the earlier go on until they are replaced, and do not start again", async () => {
  const env = {
    DATABASE_URL: databaseUrl,
    CHANGE_MGMT_DATA: folder.path,
    CHANGE_MGMT_ADMIN_TOKEN: adminToken,
    ...targetVariables(targets),
  };
  const server = keep(await serve(["--no-demo"], env));
  const worker = keep(await work(env));
  const people = await settle(
    server.address,
    clientOf(server.address, adminToken),
    adminToken,
    configurationOnServers(),
  );

  const newer = keep(await serve(["--no-demo"], env, later.main));
  expect(newer.stderr()).toContain(later.migration);
  expect([await ready(server), await ready(newer)]).toEqual([200, 200]);

  // Through the old server from draft to a deployment, worked at by whichever of the three takes it up.
  const column = migration("one", "ALTER TABLE users ADD COLUMN one text;", "ALTER TABLE users DROP COLUMN one;");
  const road = await Road.begin(people, { title: "Asked of the old one", artifacts: [column] });
  await road.untilApproved();
  await road.deployed("development");
  expect((await at(newer.address, people).rosa.ask("changes.get", { params: road.params })).title).toBe(
    "Asked of the old one",
  );

  for (const line of [["serve", "--port=0", "--no-demo", "--json"], ["worker"], ["backup"]]) {
    const refused = await runCli(line, env);
    expect([line[0], refused.code, `${refused.stdout}${refused.stderr}`]).toEqual([
      line[0],
      3,
      expect.stringContaining("STORE_NEWER"),
    ]);
  }
  expect(await worker.stop()).toBe(0);
  expect(await server.stop()).toBe(0);

  const after = await Road.begin(at(newer.address, people), { title: "Asked of the new one", artifacts: [] });
  expect(await after.now()).toMatchObject({ title: "Asked of the new one" });
  await wholeTrail(after.people.audrey, publicKeysOf(folder.path));
  await withClient(databaseUrl, async (client) => {
    const { rows } = await client.query("SELECT DISTINCT later FROM change_mgmt.change_requests");
    expect(rows).toEqual([{ later: "unknown" }]);
  });
});
