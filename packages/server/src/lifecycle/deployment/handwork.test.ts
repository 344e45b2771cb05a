import type { Artifact, MigrationArtifact } from "@change-mgmt/domain/change/change.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readSchema } from "../../assets/databases/read-schema.ts";
import type { Targets } from "../../assets/databases/target.ts";
import { createTargets } from "../../assets/databases/targets.ts";
import { setBaseline } from "../../assets/environments/set-baseline.ts";
import type { Store } from "../../storage/store.ts";
import { startPostgres, type TestPostgres, withClient } from "../../testing/postgres.ts";
import { accepted, aSmallWorkspace, type SmallWorkspace } from "../../testing/small-workspace.ts";
import { anEnvironment } from "../../testing/step-context.ts";
import { openedStore } from "../../testing/stores.ts";
import { requestDeployment } from "./request-deployment.ts";
import { requestRollback } from "./request-rollback.ts";
import { runDeployment } from "./run-deployment.ts";
import { signOffStep, stopDeployment } from "./stop-deployment.ts";

let store: Store;
let workspace: SmallWorkspace;
let targets: Targets;
let postgres: TestPostgres;
let target: string;
let environment: string;
let environments = 0;

beforeAll(async () => {
  postgres = await startPostgres();
  store = await openedStore({ databaseUrl: await postgres.newDatabase() });
  workspace = await aSmallWorkspace(store);
});
beforeEach(async () => {
  target = await postgres.newDatabase();
  environment = `environment-${++environments}`;
  await workspace.configure([{ name: environment, database: "$" + "{TARGET}" }]);
  targets = createTargets({ dataFolder: "/nowhere", env: { TARGET: target } });
  await onTarget("CREATE TABLE users (id int PRIMARY KEY)");
});
afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

const onTarget = (sql: string) => withClient(target, async (client) => (await client.query(sql)).rows ?? []);

function column(id: string): MigrationArtifact {
  const up = `ALTER TABLE users ADD ${id} text`;
  return { kind: "migration", id, name: `${id}.sql`, up, down: `ALTER TABLE users DROP ${id}`, transactional: true };
}
const byHand: Artifact = {
  kind: "manual",
  id: "hand",
  name: "Look",
  steps: [{ id: "look", title: "Look", undo: "Look away" }],
};

async function run(deployment: string) {
  await runDeployment({ db: store.db, door: workspace.door, targets }, deployment, new AbortController().signal, true);
  const row = await store.db
    .selectFrom("deployments")
    .selectAll()
    .where("id", "=", deployment)
    .executeTakeFirstOrThrow();
  const { code, message, problems } = (row.refusal ?? {}) as { code?: string; message?: string; problems?: object[] };
  return { state: row.state, code, message, problems, targetState: row.target_state };
}

async function asked(id: string, direction: "deploy" | "rollback" = "deploy"): Promise<string> {
  const { olga, lena } = workspace.people;
  const outcome =
    direction === "deploy"
      ? await workspace.door.execute(requestDeployment, { id, environment }, { actor: lena })
      : await workspace.door.execute(requestRollback, { id, environment, reason: "x" }, { actor: olga });
  return accepted(outcome).deployment;
}

async function signOff(id: string, step = "hand:look"): Promise<void> {
  accepted(await workspace.door.execute(signOffStep, { id, step }, { actor: workspace.people.ben }));
}

/** Deploys up to the work by hand, lets it be done, and goes on. */
async function carriedOut(id: string, meanwhile: () => Promise<unknown> = async () => {}) {
  const deployment = await asked(id);
  expect(await run(deployment)).toMatchObject({ state: "waiting" });
  await meanwhile();
  await signOff(id);
  return await run(deployment);
}

test("what nobody has touched goes on where it waited", async () => {
  const change = await workspace.submitted([column("one"), byHand, column("two")]);
  expect(await carriedOut(change)).toMatchObject({ state: "succeeded" });
  const next = await workspace.submitted([column("three")]);
  expect(await run(await asked(next))).toMatchObject({ state: "succeeded" });
});

test("drift that came while a person was waited for is found at the next step, and stays drift until it is put right", async () => {
  const change = await workspace.submitted([column("one"), byHand, column("two")]);
  const end = await carriedOut(change, () => onTarget("CREATE VIEW sneaked AS SELECT id FROM users"));
  expect(end).toMatchObject({
    state: "failed",
    code: "TARGET_DRIFTED",
    message: expect.stringMatching(/"environment-\d" was changed while the deployment waited for a person: .*sneaked/),
    problems: [{ code: "VIEW_ADDED" }],
    targetState:
      'What the deployment had done before it waited is on the target, and so is what was changed meanwhile. Before it, "one.sql", "Look" were carried out.',
  });
  const names = await onTarget(
    "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'users' ORDER BY 1",
  );
  expect(names).toEqual([{ name: "id" }, { name: "one" }]);
  expect(await run(await asked(change))).toMatchObject({
    state: "failed",
    code: "TARGET_DRIFTED",
    problems: [{ code: "VIEW_ADDED" }],
  });
  await onTarget("DROP VIEW sneaked");
  expect(await carriedOut(change)).toMatchObject({ state: "succeeded" });
});

test("what was changed by hand on purpose is taken over as the baseline, and the deployment goes on", async () => {
  const change = await workspace.submitted([column("one"), byHand]);
  const end = await carriedOut(change, () => onTarget("ALTER TABLE users ADD by_hand text"));
  expect(end).toMatchObject({ state: "failed", code: "TARGET_DRIFTED" });
  const place = anEnvironment("$" + "{TARGET}");
  const session = accepted(await targets.open(place));
  const model = accepted(await readSchema(session, place));
  await session.close();
  const baseline = { environment, reason: "It was meant.", model };
  accepted(await workspace.door.execute(setBaseline, baseline, { actor: workspace.people.olga }));
  expect(await carriedOut(change)).toMatchObject({ state: "succeeded" });
});

test("stopped while it waits, what it had done is known, and what others did meanwhile is drift", async () => {
  const change = await workspace.submitted([column("one"), byHand]);
  const stopped = async (meanwhile: string) => {
    const deployment = await asked(change);
    expect(await run(deployment)).toMatchObject({ state: "waiting" });
    await onTarget(meanwhile);
    const stop = { id: change, deployment, reason: "x" };
    accepted(await workspace.door.execute(stopDeployment, stop, { actor: workspace.people.olga }));
    expect(await run(deployment)).toMatchObject({ state: "cancelled" });
  };
  await stopped("SELECT");
  const next = await workspace.submitted([column("two")]);
  expect(await run(await asked(next))).toMatchObject({ state: "succeeded" });
  await stopped("CREATE INDEX sneaked ON users (one)");
  const last = await workspace.submitted([column("three")]);
  expect(await run(await asked(last))).toMatchObject({ state: "failed", code: "TARGET_DRIFTED" });
});

test("a rollback looks too, before it goes on with what is left to take back", async () => {
  const change = await workspace.submitted([column("one"), byHand]);
  expect(await carriedOut(change)).toMatchObject({ state: "succeeded" });
  const rollback = await asked(change, "rollback");
  expect(await run(rollback)).toMatchObject({ state: "waiting" });
  await onTarget("CREATE VIEW sneaked AS SELECT one FROM users");
  await signOff(change, "hand:look:undo");
  expect(await run(rollback)).toMatchObject({ state: "failed", code: "TARGET_DRIFTED" });
  await onTarget("DROP VIEW sneaked");
  const again = await asked(change, "rollback");
  expect(await run(again)).toMatchObject({ state: "waiting" });
  await signOff(change, "hand:look:undo");
  expect(await run(again)).toMatchObject({ state: "succeeded" });
});
