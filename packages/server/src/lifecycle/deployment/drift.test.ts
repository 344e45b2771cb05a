import { ENGINE } from "@change-mgmt/domain/identity/permissions.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTargets } from "../../assets/databases/targets.ts";
import { workspaceRoutes } from "../../assets/environments/workspace-routes.ts";
import type { Call } from "../../commands/handler.ts";
import { loadChange } from "../../storage/change-record.ts";
import type { Store } from "../../storage/store.ts";
import { startPostgres, type TestPostgres, withClient } from "../../testing/postgres.ts";
import { accepted, aSmallWorkspace, refused, type SmallWorkspace } from "../../testing/small-workspace.ts";
import { openedStore } from "../../testing/stores.ts";
import { recordRehearsal } from "../assessment/record-rehearsal.ts";
import { readDrift } from "./drift.ts";
import { requestDeployment, setEnvironmentState } from "./request-deployment.ts";

let postgres: TestPostgres;
let store: Store;
let workspace: SmallWorkspace;
const env: Record<string, string> = {};
const targets = createTargets({ dataFolder: "/nowhere", env });

beforeAll(async () => {
  postgres = await startPostgres();
});
beforeEach(async () => {
  await store?.close();
  store = await openedStore({ databaseUrl: await postgres.newDatabase() });
  workspace = await aSmallWorkspace(store);
  env.STAGING = await postgres.newDatabase();
  await workspace.configure([{ name: "staging", database: "$" + "{STAGING}" }]);
  await byHand("create table users (id int primary key, nick text); create table orders (id int primary key)");
});
afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

const byHand = (sql: string) => withClient(env.STAGING!, (client) => client.query(sql));
const drift = async () => accepted(await readDrift(store.db, targets, "staging"));
const baseline = (body: { reason: string; schemaHash?: string }) =>
  workspaceRoutes({ db: store.db, door: workspace.door, processes: workspace.processes, targets })[
    "environments.baseline"
  ]!({
    actor: workspace.people.olga,
    signal: new AbortController().signal,
    params: { name: "staging" },
    body,
  } as unknown as Call<"environments.baseline">);

/** A change that is deployed to staging and was seen to touch a table when it was rehearsed. */
async function deployedChange(relation: string): Promise<string> {
  const id = await workspace.submitted([
    { kind: "migration", id: "m", name: "m.sql", up: "select 1", down: null, transactional: true },
  ]);
  const change = accepted(await loadChange(store.db, id));
  const report = {
    rollback: "absent",
    message: "It ran.",
    rollbackMessage: "There is none.",
    statements: [{ locks: [{ relation, mode: "AccessExclusiveLock" }] }],
  };
  const results = [{ artifact: "m", outcome: "passed", report }];
  const input = { id, contentHash: change.contentHash, results };
  accepted(await workspace.door.execute(recordRehearsal, input, { actor: ENGINE }));
  const asked = { id, environment: "staging" };
  const { deployment } = accepted(
    await workspace.door.execute(requestDeployment, asked, { actor: workspace.people.lena }),
  );
  await store.db.transaction().execute(async (tx) => {
    await tx.updateTable("deployments").set({ state: "succeeded" }).where("id", "=", deployment).execute();
    await setEnvironmentState(tx, id, "staging", "deployed", deployment, new Date());
  });
  return change.number;
}

test("what was changed by hand is named with what it breaks and the components known to use it, and can be taken over as it was seen", async () => {
  expect(await drift()).toMatchObject({ knownHash: null, drifted: false, differences: [] });
  accepted(await baseline({ reason: "As we found it" }));
  const number = await deployedChange("public.users");
  expect(await drift()).toMatchObject({ drifted: false, differences: [] });
  await byHand("alter table users drop column nick; alter table orders add column note text");
  const found = await drift();
  expect(found).toMatchObject({
    drifted: true,
    differences: [
      { change: "added", object: "public.orders.note", breaking: false, affected: [] },
      {
        change: "removed",
        object: "public.users.nick",
        breaking: true,
        affected: [{ component: "users", team: "core", changes: [number] }],
      },
    ],
  });
  await byHand("alter table orders add column more text");
  const moved = await baseline({ reason: "Seen", schemaHash: found.foundHash });
  expect(refused(moved).code).toBe("DRIFT_MOVED_ON");
  accepted(await baseline({ reason: "Added in the outage", schemaHash: (await drift()).foundHash }));
  expect(await drift()).toMatchObject({ drifted: false, differences: [] });
  const told = await store.db.selectFrom("audit_trail").select("action").orderBy("id").execute();
  expect(told.filter(({ action }) => action === "environment.baseline-set")).toHaveLength(2);
});

test("another order of columns is shown and is no drift", async () => {
  accepted(await baseline({ reason: "As we found it" }));
  await byHand("drop table users; create table users (nick text, id int primary key)");
  const found = await drift();
  expect(found.drifted).toBe(false);
  expect(found.differences.map(({ object }) => object)).toContain("public.users");
});

test("it is not looked at while a deployment is at work there, and an environment that is not there is said so", async () => {
  const id = await workspace.submitted();
  const asked = { id, environment: "staging" };
  accepted(await workspace.door.execute(requestDeployment, asked, { actor: workspace.people.lena }));
  expect(refused(await readDrift(store.db, targets, "staging")).code).toBe("ENVIRONMENT_BUSY");
  expect(refused(await readDrift(store.db, targets, "moon")).code).toBe("NOT_FOUND");
});
