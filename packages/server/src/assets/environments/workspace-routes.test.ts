import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Call, Handlers } from "../../commands/handler.ts";
import { requestDeployment } from "../../lifecycle/deployment/request-deployment.ts";
import type { Store } from "../../storage/store.ts";
import { startPostgres, type TestPostgres, withClient } from "../../testing/postgres.ts";
import { accepted, aSmallWorkspace, refused, type SmallWorkspace } from "../../testing/small-workspace.ts";
import { openedStore } from "../../testing/stores.ts";
import { createTargets } from "../databases/targets.ts";
import { importConfiguration } from "./import-configuration.ts";
import { workspaceRoutes } from "./workspace-routes.ts";

let postgres: TestPostgres;
let store: Store;
let workspace: SmallWorkspace;
let routes: Handlers;

beforeAll(async () => {
  postgres = await startPostgres();
  store = await openedStore({ databaseUrl: await postgres.newDatabase() });
  workspace = await aSmallWorkspace(store);
  const target = await postgres.newDatabase();
  await withClient(target, (client) => client.query("CREATE TABLE users (id int)"));
  const targets = createTargets({ dataFolder: "/nowhere", env: { TARGET: target } });
  await workspace.configure([
    { name: "staging", database: `\${TARGET}` },
    { name: "lost", database: `\${MISSING}` },
  ]);
  routes = workspaceRoutes({ db: store.db, door: workspace.door, processes: workspace.processes, targets });
});

afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

const call = (actor: Actor, rest: object = {}) => ({ actor, signal: new AbortController().signal, ...rest }) as never;
const baseline = async (name: string, actor: Actor = workspace.people.olga) =>
  routes["environments.baseline"]!(
    call(actor, { params: { name }, body: { reason: "repaired by hand" } }) as Call<"environments.baseline">,
  );
const environments = async () =>
  accepted(await routes["environments.list"]!(call(workspace.people.rosa) as Call<"environments.list">)).items;

test("a baseline is the schema as it is on the target, with its reason in the trail", async () => {
  expect(await environments()).toMatchObject([
    { name: "staging", schemaHash: null },
    { name: "lost", schemaHash: null },
  ]);
  const taken = accepted(await baseline("staging"));
  expect(taken).toMatchObject({ environment: "staging", schemaHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(taken.objects).toBeGreaterThan(0);
  expect(await environments()).toMatchObject([
    { schemaHash: taken.schemaHash, order: 1 },
    { schemaHash: null, order: 2 },
  ]);
  const entry = await store.db
    .selectFrom("audit_trail")
    .selectAll()
    .where("action", "=", "environment.baseline-set")
    .executeTakeFirst();
  expect(entry).toMatchObject({ actor: "olga", details: { environment: "staging", reason: "repaired by hand" } });
});

test("a baseline is refused to those who may not, where there is nothing to look at, and while a deployment has the environment", async () => {
  expect(refused(await baseline("staging", workspace.people.rosa)).code).toBe("NOT_ALLOWED");
  expect(refused(await baseline("moon")).code).toBe("NOT_FOUND");
  expect(refused(await baseline("lost")).code).toBe("TARGET_REFERENCE_MISSING");
  const id = await workspace.submitted([
    { kind: "manual", id: "do", name: "Do it", steps: [{ id: "one", title: "One", undo: "Undo one" }] },
  ]);
  const { deployment } = accepted(
    await workspace.door.execute(requestDeployment, { id, environment: "staging" }, { actor: workspace.people.lena }),
  );
  expect(refused(await baseline("staging")).code).toBe("ENVIRONMENT_BUSY");
  expect((await environments())[0]).toMatchObject({ running: deployment });
  const refusals = await store.db
    .selectFrom("audit_trail")
    .select("actor")
    .where("action", "=", "environment.baseline.refused")
    .orderBy("id")
    .execute();
  expect(refusals.map(({ actor }) => actor)).toEqual(["rosa", "olga"]);
});

test("processes and the configuration in force are shown to everybody", async () => {
  const { rosa } = workspace.people;
  const processes = accepted(await routes["processes.list"]!(call(rosa) as Call<"processes.list">)).items;
  expect(processes).toMatchObject([{ name: "quick", version: 1 }]);
  const get = async (name: string) =>
    routes["processes.get"]!(call(rosa, { params: { name } }) as Call<"processes.get">);
  expect(accepted(await get("quick"))).toMatchObject({ hash: processes[0]!.hash, process: { name: "quick" } });
  expect(refused(await get("slow"))).toMatchObject({ code: "NOT_FOUND", hint: "Processes here: quick." });
  const configuration = accepted(await routes["config.get"]!(call(rosa) as Call<"config.get">));
  expect(configuration).toMatchObject({ workspace: "small", process: "quick", importedBy: "admin", change: null });
  expect(JSON.stringify(configuration)).not.toContain("postgres://");
});

test("the configuration in force is answered whole; what it refers to stays a reference", async () => {
  const text = `workspace: small
process: quick
teams:
  - { name: core, title: The core }
components:
  - { name: users, path: packages/users, team: core, board: packages/users/.board }
  - { name: web, path: packages/web, team: core }
environments:
  - { name: staging, database: "\${TARGET}", lockTimeoutMs: 500, statementTimeoutMs: 9000, retries: 2 }
commands:
  reload: { run: [node, reload.mjs, "\${TARGET}"], rollback: [node, unload.mjs], timeoutSeconds: 90 }
`;
  await store.pool.query("DELETE FROM change_mgmt.configurations");
  const { admin, audrey } = workspace.people;
  const input = { file: "change-mgmt.yaml", text, folder: "/srv/small" };
  accepted(await workspace.door.execute(importConfiguration, input, { actor: admin }));
  const answer = accepted(await routes["config.get"]!(call(audrey) as Call<"config.get">));
  expect(answer).toMatchObject({
    workspace: "small",
    folder: "/srv/small",
    teams: [{ name: "core", title: "The core" }],
    components: [
      { name: "users", path: "packages/users", team: "core", board: "packages/users/.board" },
      { name: "web", board: null },
    ],
    environments: [
      { name: "staging", database: `\${TARGET}`, lockTimeoutMs: 500, statementTimeoutMs: 9000, retries: 2 },
    ],
    commands: [
      {
        name: "reload",
        run: ["node", "reload.mjs", `\${TARGET}`],
        verify: null,
        rollback: ["node", "unload.mjs"],
        workingFolder: ".",
        timeoutSeconds: 90,
      },
    ],
  });
  expect(JSON.stringify(answer)).not.toContain("postgres://");
});
