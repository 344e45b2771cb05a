import type { MigrationArtifact } from "@change-mgmt/domain/change/change.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Targets } from "../../assets/databases/target.ts";
import { createTargets } from "../../assets/databases/targets.ts";
import type { Store } from "../../storage/store.ts";
import { startPostgres, type TestPostgres, withClient } from "../../testing/postgres.ts";
import { accepted, aSmallWorkspace, type SmallWorkspace } from "../../testing/small-workspace.ts";
import { openedStore } from "../../testing/stores.ts";
import { editChange } from "../requests/edit-change.ts";
import { requestDeployment } from "./request-deployment.ts";
import { requestRollback } from "./request-rollback.ts";
import { runDeployment } from "./run-deployment.ts";

let store: Store;
let workspace: SmallWorkspace;
let targets: Targets;
let postgres: TestPostgres;
let target: string;

beforeAll(async () => {
  postgres = await startPostgres();
  store = await openedStore({ databaseUrl: await postgres.newDatabase() });
  target = await postgres.newDatabase();
  workspace = await aSmallWorkspace(store);
  await workspace.configure([{ name: "staging", database: `\${TARGET}` }]);
  targets = createTargets({ dataFolder: "/nowhere", env: { TARGET: target } });
  await onTarget("CREATE TABLE users (id int PRIMARY KEY); INSERT INTO users VALUES (1), (1000)");
});

afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

const onTarget = (sql: string) => withClient(target, async (client) => (await client.query(sql)).rows ?? []);

const columns = async () =>
  (
    await onTarget("SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'users' ORDER BY 1")
  ).map(({ name }) => name);

function aMigration(id: string, up: string, down: string): MigrationArtifact {
  return { kind: "migration", id, name: `${id}.sql`, up, down, transactional: true };
}

const nickname = aMigration("nickname", "ALTER TABLE users ADD nickname text", "ALTER TABLE users DROP nickname");
const small = aMigration(
  "small",
  "ALTER TABLE users ADD CONSTRAINT small CHECK (id < 100)",
  "ALTER TABLE users DROP CONSTRAINT small",
);

async function carriedOut(asked: Promise<Parameters<typeof accepted<{ deployment: string }>>[0]>) {
  const { deployment } = accepted(await asked);
  await runDeployment({ db: store.db, door: workspace.door, targets }, deployment, new AbortController().signal, true);
  const row = await store.db
    .selectFrom("deployments")
    .selectAll()
    .where("id", "=", deployment)
    .executeTakeFirstOrThrow();
  return { state: row.state, code: (row.refusal as { code: string } | null)?.code };
}

const deploy = (id: string) =>
  carriedOut(
    workspace.door.execute(requestDeployment, { id, environment: "staging" }, { actor: workspace.people.lena }),
  );
const rollBack = (id: string) =>
  carriedOut(
    workspace.door.execute(
      requestRollback,
      { id, environment: "staging", reason: "x" },
      { actor: workspace.people.olga },
    ),
  );

test("when the second of two migrations fails, the rollback takes back the first and leaves the schema as it was", async () => {
  const change = await workspace.submitted([nickname, small]);
  expect(await deploy(change)).toEqual({ state: "failed", code: "MIGRATION_FAILED" });
  expect(await columns()).toEqual(["id", "nickname"]);
  expect(await rollBack(change)).toEqual({ state: "succeeded", code: undefined });
  expect(await columns()).toEqual(["id"]);
});

test("when what made it fail is put right, the deployment goes on with the second, and the rollback takes back both", async () => {
  const change = await workspace.submitted([nickname, small]);
  expect(await deploy(change)).toEqual({ state: "failed", code: "MIGRATION_FAILED" });
  expect(await deploy(change)).toEqual({ state: "failed", code: "MIGRATION_FAILED" });
  await onTarget("DELETE FROM users WHERE id = 1000");
  expect(await deploy(change)).toEqual({ state: "succeeded", code: undefined });
  expect(await rollBack(change)).toEqual({ state: "succeeded", code: undefined });
  expect(await columns()).toEqual(["id"]);
  await onTarget("INSERT INTO users VALUES (1000)");
});

test("when the second is corrected by an edit, the deployment goes on with the corrected one", async () => {
  const change = await workspace.submitted([nickname, small]);
  expect(await deploy(change)).toEqual({ state: "failed", code: "MIGRATION_FAILED" });
  const corrected = { ...small, up: small.up.replace("100", "10000") };
  accepted(
    await workspace.door.execute(
      editChange,
      { id: change, artifacts: [nickname, corrected] },
      { actor: workspace.people.rosa },
    ),
  );
  expect(await deploy(change)).toEqual({ state: "succeeded", code: undefined });
  expect(await rollBack(change)).toEqual({ state: "succeeded", code: undefined });
  expect(await columns()).toEqual(["id"]);
});

test("a rollback that stopped half-way is finished by the next", async () => {
  // Its way back works only once nobody is nicknamed.
  const careful = {
    ...nickname,
    down: "DO $$ BEGIN IF EXISTS (SELECT FROM users WHERE nickname IS NOT NULL) THEN RAISE 'in use'; END IF; END $$; ALTER TABLE users DROP nickname",
  };
  const loose = { ...small, up: small.up.replace("100", "10000") };
  const change = await workspace.submitted([careful, loose]);
  expect(await deploy(change)).toEqual({ state: "succeeded", code: undefined });
  await onTarget("UPDATE users SET nickname = 'Al'");
  expect(await rollBack(change)).toEqual({ state: "failed", code: "MIGRATION_FAILED" });
  expect(await columns()).toEqual(["id", "nickname"]);
  await onTarget("UPDATE users SET nickname = NULL");
  expect(await rollBack(change)).toEqual({ state: "succeeded", code: undefined });
  expect(await columns()).toEqual(["id"]);
});

test("a schema that somebody else has changed is found before anything is run", async () => {
  const change = await workspace.submitted([nickname]);
  await onTarget("CREATE VIEW named AS SELECT id FROM users");
  expect(await deploy(change)).toEqual({ state: "failed", code: "TARGET_DRIFTED" });
  expect(await columns()).toEqual(["id"]);
});
