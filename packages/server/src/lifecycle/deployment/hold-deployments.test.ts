import type { Artifact } from "@change-mgmt/domain/change/change.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Targets } from "../../assets/databases/target.ts";
import type { Store } from "../../storage/store.ts";
import { accepted, aSmallWorkspace, refused, type SmallWorkspace } from "../../testing/small-workspace.ts";
import { newEmbeddedStore } from "../../testing/stores.ts";
import { viewChange } from "../change-view.ts";
import { holdDeployments, recordRestore, releaseDeployments } from "./hold-deployments.ts";
import { requestDeployment } from "./request-deployment.ts";
import { runDeployment } from "./run-deployment.ts";
import { stopDeployment } from "./stop-deployment.ts";

let store: Store;
let workspace: SmallWorkspace;
let ran: string[];

beforeAll(async () => {
  store = await newEmbeddedStore();
  workspace = await aSmallWorkspace(store);
});
afterAll(() => store?.close());
afterEach(async () => {
  await store.db.deleteFrom("deployment_hold").execute();
});

const noTarget = async () => refuse("TARGET_UNREACHABLE", "No target here.", "Give one.");
const nowhere: Targets = { open: noTarget, remove: noTarget };
const handwork: Artifact = {
  kind: "manual",
  id: "a",
  name: "a",
  steps: [{ id: "apply", title: "Do it", undo: "Undo it" }],
};

const hold = (reason = "Fire") => workspace.door.execute(holdDeployments, { reason }, { actor: workspace.people.olga });
const release = (input = {}) => workspace.door.execute(releaseDeployments, input, { actor: workspace.people.admin });
const deploy = (id: string, environment: string) =>
  workspace.door.execute(requestDeployment, { id, environment }, { actor: workspace.people.lena });
const state = async (deployment: string) =>
  (await store.db.selectFrom("deployments").select("state").where("id", "=", deployment).executeTakeFirst())?.state;
const newestEntry = async (action: string) => {
  const row = await store.db
    .selectFrom("audit_trail")
    .select("entry")
    .where("action", "=", action)
    .orderBy("id", "desc")
    .executeTakeFirst();
  return row && (JSON.parse(row.entry) as { details: Record<string, unknown> }).details;
};

async function run(deployment: string): Promise<void> {
  ran = [];
  const plan = async () =>
    accept([
      {
        id: "a:apply",
        title: "Do it",
        async run() {
          ran.push("a:apply");
          return { state: "done" as const, output: null };
        },
      },
    ]);
  const tools = { db: store.db, door: workspace.door, targets: nowhere, plan };
  await runDeployment(tools, deployment, new AbortController().signal, false);
}

test("while they are held none begins, which the change says of each environment, and one that was asked for is left alone", async () => {
  await workspace.configure(["one", "two"].map((name) => ({ name, database: "embedded:nowhere" })));
  const change = await workspace.submitted([handwork]);
  const { deployment } = accepted(await deploy(change, "one"));
  accepted(await hold());
  await run(deployment);
  expect({ ran, state: await state(deployment) }).toEqual({ ran: [], state: "requested" });

  const other = await workspace.submitted([handwork]);
  expect(refused(await deploy(other, "one")).code).toBe("DEPLOYMENTS_HELD");
  const view = accepted(await viewChange(store.db, workspace.processes, other, workspace.people.lena, new Date()));
  expect(view.acts.find(({ act }) => act === "deploy:one")).toMatchObject({
    allowed: false,
    code: "DEPLOYMENTS_HELD",
    reason: expect.stringContaining("by olga: Fire."),
  });

  accepted(await release({ note: "Out" }));
  expect(await newestEntry("hold.released")).toMatchObject({
    by: "olga",
    reason: "Fire",
    note: "Out",
    unfinished: [{ deployment, environment: "one" }],
  });
  await run(deployment);
  expect({ ran, state: await state(deployment) }).toEqual({ ran: ["a:apply"], state: "succeeded" });
});

test("one that is stopped while they are held ends, and none of its steps is run", async () => {
  await workspace.configure([{ name: "three", database: "embedded:nowhere" }]);
  const change = await workspace.submitted([handwork]);
  const { deployment } = accepted(await deploy(change, "three"));
  accepted(await hold());
  const stop = { id: change, deployment, reason: "It is on the target already." };
  accepted(await workspace.door.execute(stopDeployment, stop, { actor: workspace.people.olga }));
  await run(deployment);
  expect({ ran, state: await state(deployment) }).toEqual({ ran: [], state: "cancelled" });
});

test("they are held once and released once, by operators and administrators", async () => {
  expect(refused(await release()).code).toBe("NOT_HELD");
  accepted(await hold());
  expect(refused(await hold("Again")).message).toContain("by olga: Fire.");
  const { lena, audrey } = workspace.people;
  for (const actor of [lena, audrey]) {
    expect(refused(await workspace.door.execute(holdDeployments, { reason: "x" }, { actor })).code).toBe("NOT_ALLOWED");
    expect(refused(await workspace.door.execute(releaseDeployments, {}, { actor })).code).toBe("NOT_ALLOWED");
  }
  accepted(await release());
});

test("the trail hears of a restore once", async () => {
  const untold = { backupCreatedAt: "2026-01-10T00:00:00.000Z", sha256: "ab", rows: 3 };
  await store.db
    .insertInto("deployment_hold")
    .values({
      id: 1,
      reason: "Restored",
      held_by: "restore",
      since: new Date(),
      untold: JSON.stringify(untold) as never,
    })
    .execute();
  const tell = () => workspace.door.execute(recordRestore, {}, { actor: workspace.people.admin });
  accepted(await tell());
  accepted(await tell());
  const told = await store.db.selectFrom("audit_trail").select("id").where("action", "=", "store.restored").execute();
  expect(told).toHaveLength(1);
  expect(await newestEntry("store.restored")).toEqual(untold);
});
