import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { Kysely, PostgresDialect } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../storage/ids.ts";
import { json } from "../storage/json.ts";
import type { Store } from "../storage/store.ts";
import type { Tables } from "../storage/tables.ts";
import { startPostgres, type TestPostgres } from "../testing/postgres.ts";
import { accepted, aSmallWorkspace, type SmallWorkspace } from "../testing/small-workspace.ts";
import { openedStore } from "../testing/stores.ts";
import { readOverview } from "./overview.ts";
import { cancelChange } from "./requests/cancel-change.ts";

let postgres: TestPostgres;
let store: Store;
let workspace: SmallWorkspace;

beforeAll(async () => {
  postgres = await startPostgres();
  store = await openedStore({ databaseUrl: await postgres.newDatabase() });
  workspace = await aSmallWorkspace(store);
});

afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

const overview = (actor: Actor, db = store.db) => readOverview(db, workspace.processes, actor, new Date());

async function deployment(changeId: string, state: string, direction = "deploy"): Promise<string> {
  const id = newId();
  await store.db
    .insertInto("deployments")
    .values({
      id,
      change_id: changeId,
      environment: "staging",
      direction,
      state,
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
  return id;
}

test("a draft waits for whoever wrote it, and for nobody else", async () => {
  const { people } = workspace;
  const id = await workspace.draft();
  const mine = (await overview(people.rosa)).waitingForMe;
  expect(mine).toMatchObject([{ act: "submit", change: { id }, deployment: null }]);
  for (const other of [people.ben, people.audrey, people.admin]) {
    expect((await overview(other)).waitingForMe.map(({ act }) => act)).not.toContain("submit");
  }
});

test("a manual step that waits is for those who may sign it off, and leads to its deployment", async () => {
  const { people } = workspace;
  const change = await workspace.submitted();
  const id = await deployment(change, "waiting");
  const steps = [
    { step: "m:one", title: "One", state: "done" },
    { step: "m:two", title: "Two", state: "waiting" },
    { step: "m:three", title: "Three", state: "pending" },
  ];
  await store.db
    .insertInto("deployment_steps")
    .values(
      steps.map((step, position) => ({
        ...step,
        deployment_id: id,
        position,
        attempt: 1,
        started_at: null,
        finished_at: null,
        message: null,
      })),
    )
    .execute();
  const seen = await overview(people.olga);
  expect(seen.running).toMatchObject([{ id, state: "waiting", stepsDone: 1, stepsInAll: 3, step: { title: "Two" } }]);
  expect(seen.waitingForMe).toContainEqual(expect.objectContaining({ act: "sign-off", deployment: id }));
  const rosas = await overview(people.rosa);
  expect(rosas.running).toHaveLength(1);
  expect(rosas.waitingForMe.map(({ act }) => act)).not.toContain("sign-off");
});

test("what failed, was stopped or was rolled back is told, newest first; what succeeded is not", async () => {
  const change = await workspace.submitted();
  await deployment(change, "succeeded");
  const told = [
    await deployment(change, "failed"),
    await deployment(change, "cancelled"),
    await deployment(change, "succeeded", "rollback"),
  ];
  expect((await overview(workspace.people.audrey)).troubles.map(({ id }) => id)).toEqual(told.reverse());
});

test("stages come in the order of their process, with a count of all and the few touched last", async () => {
  for (let n = 0; n < 6; n++) await workspace.submitted();
  const newest = await workspace.submitted();
  const { byStage } = await overview(workspace.people.audrey);
  expect(byStage.map(({ stage }) => stage)).toEqual(["draft", "ready"]);
  const ready = byStage.at(-1)!;
  expect(ready.count).toBeGreaterThanOrEqual(7);
  expect(ready.changes).toHaveLength(4);
  expect(ready.changes[0]!.id).toBe(newest);
});

test("twice the changes take no further query", async () => {
  const count = async () => {
    let queries = 0;
    const counting = new Kysely<Tables>({
      dialect: new PostgresDialect({ pool: store.pool }),
      log: () => void queries++,
    }).withSchema("change_mgmt");
    await overview(workspace.people.lena, counting);
    return queries;
  };
  const before = await count();
  for (let n = 0; n < 12; n++) await workspace.submitted();
  expect(await count()).toBe(before);
});

test("a change waits under the keys of where it is, and under none once it is over", async () => {
  const { door, people } = workspace;
  const id = await workspace.submitted();
  const keys = async () =>
    (await store.db.selectFrom("changes_under_way").select("key").where("change_id", "=", id).execute())
      .map(({ key }) => key)
      .sort();
  expect(await keys()).toEqual(["requester:rosa", "stage:quick/ready", "team:core", "votes"]);
  const before = (await overview(people.audrey)).byStage.find(({ stage }) => stage === "ready")!.count;
  accepted(await door.execute(cancelChange, { id, reason: "Not needed." }, { actor: people.rosa }));
  expect(await keys()).toEqual([]);
  expect((await overview(people.audrey)).byStage.find(({ stage }) => stage === "ready")!.count).toBe(before - 1);
});
