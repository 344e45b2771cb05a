import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startPostgres, type TestPostgres, withClient } from "@change-mgmt/server/testing/postgres.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dataFolder } from "./testing/folder.ts";
import { clientOf, newAdminToken, type Person, refusalOf } from "./testing/people.ts";
import { type Running, runCli, serve } from "./testing/processes.ts";
import { migration, Road } from "./testing/road.ts";
import { publicKeysOf, wholeTrail } from "./testing/trail.ts";
import {
  configurationOnServers,
  type EnvironmentName,
  makeTargets,
  settle,
  targetVariables,
} from "./testing/workspace.ts";

const BY_HAND = "CREATE INDEX IF NOT EXISTS orders_by_user ON orders (user_id);";
const INDEXES = "SELECT indexname FROM pg_indexes WHERE tablename = 'orders' AND indexname = 'orders_by_user'";
const LEDGER = "SELECT artifact_id, direction FROM change_mgmt_ledger.applied ORDER BY id";

let postgres: TestPostgres;
let targets: Record<EnvironmentName, string>;
const folder = dataFolder();
const adminToken = newAdminToken();
let server: Running | undefined;
const onTarget = async (sql: string) =>
  await withClient(targets.development, async (client) => (await client.query(sql)).rows);

beforeAll(async () => {
  postgres = await startPostgres();
  targets = await makeTargets(postgres);
});
afterAll(async () => {
  await server?.kill();
  await postgres?.stop();
  folder.remove();
});

test("what was done by hand while the product was away is refused as drift, taken over with a reason, and asked for afterwards with evidence", async () => {
  const env = { CHANGE_MGMT_ADMIN_TOKEN: adminToken, ...targetVariables(targets) };
  const start = (...args: string[]) => serve(["--no-demo", `--data-dir=${folder.path}`, ...args], env);
  const column = (name: string) =>
    migration(name, `ALTER TABLE users ADD COLUMN ${name} text;`, `ALTER TABLE users DROP COLUMN ${name};`);
  server = await start();
  const { address } = server;
  const people = await settle(address, clientOf(address, adminToken), adminToken, configurationOnServers());
  const first = await Road.begin(people, { title: "Before the outage", artifacts: [column("before")] });
  await first.untilApproved();
  await first.deployed("development");
  const next = await Road.begin(people, { title: "After the outage", artifacts: [column("after")] });
  await next.untilApproved();

  await server.stop();
  await onTarget(BY_HAND);
  writeFileSync(join(folder.path, "by-hand.sql"), `${BY_HAND}\n`);

  // Nothing begins until somebody has looked.
  server = await start("--hold-deployments", `--port=${new URL(address).port}`);
  const cli = async ({ token }: Person, ...line: string[]) => {
    const said = await runCli(line, { CHANGE_MGMT_SERVER: address, CHANGE_MGMT_TOKEN: token }, folder.path);
    expect([line, said.code, said.stderr]).toEqual([line, 0, expect.any(String)]);
    return said.stdout;
  };
  const held = people.olga.ask("changes.deploy", { params: next.params, body: { environment: "development" } });
  expect((await refusalOf(held)).code).toBe("DEPLOYMENTS_HELD");
  expect(await cli(people.olga, "deployment", "held")).toContain("started with --hold-deployments");
  await cli(people.olga, "deployment", "release", "--note=One index was made by hand: by-hand.sql");

  expect(await next.deploy("development")).toMatchObject({
    state: "failed",
    targetState: expect.stringMatching(/^Nothing/),
    refusal: { code: "TARGET_DRIFTED", message: expect.stringContaining("orders_by_user") },
  });
  const reason = "The index was made by hand in the outage of 10 January; CHG-3 asks for it afterwards.";
  expect(await cli(people.olga, "environment", "baseline", "development", `--reason=${reason}`)).toContain(
    "are now the known schema",
  );
  await next.deployed("development");

  // The change that is asked for afterwards does nothing where it was done, and the same everywhere else.
  const after = await Road.begin(people, {
    title: "Index made by hand in the outage",
    artifacts: [migration("by-hand", BY_HAND, "DROP INDEX IF EXISTS orders_by_user;")],
    fields: { type: "index", tables: ["orders"] },
  });
  await cli(people.rosa, "attach", after.number, "by-hand.sql");
  await after.untilApproved();
  await after.deployed("development");
  expect(await onTarget(INDEXES)).toHaveLength(1);
  expect(await onTarget(LEDGER)).toEqual(
    ["before", "after", "by-hand"].map((artifact_id) => ({ artifact_id, direction: "deploy" })),
  );

  const { entries } = await wholeTrail(people.audrey, publicKeysOf(folder.path));
  const story = entries.filter(
    ({ event_type, details }) =>
      /^(hold\.|environment\.baseline-set$|attachment\.added$)/.test(event_type) || details.code === "TARGET_DRIFTED",
  );
  expect(story.map(({ event_type, actor }) => [event_type, actor.handle])).toEqual([
    ["hold.set", "installer"],
    ["hold.released", "olga"],
    ["deployment.failed", "engine"],
    ["environment.baseline-set", "olga"],
    ["attachment.added", "rosa"],
  ]);
  expect(story[3]?.details).toMatchObject({ environment: "development", reason });
});
