import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cancelChange } from "../../lifecycle/requests/cancel-change.ts";
import { createChange } from "../../lifecycle/requests/create-change.ts";
import { currentConfiguration } from "../../storage/configuration-record.ts";
import type { Store } from "../../storage/store.ts";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { accepted, aSmallWorkspace, refused, type SmallWorkspace } from "../../testing/small-workspace.ts";
import { openedStore, storedRows } from "../../testing/stores.ts";
import { importConfiguration } from "./import-configuration.ts";

let postgres: TestPostgres;
let store: Store;
let workspace: SmallWorkspace;

beforeAll(async () => {
  postgres = await startPostgres();
  store = await openedStore({ databaseUrl: await postgres.newDatabase() });
  workspace = await aSmallWorkspace(store);
  await store.pool.query("DELETE FROM change_mgmt.configurations");
});

afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

const TEAMS = "teams:\n  - { name: web, title: Web }\n  - { name: core, title: The core }\n";

/** A change-mgmt.yaml of the workspace "small" with a component of a team. */
function aFile(component: string, team = "core", teams = TEAMS): string {
  return `workspace: small
process: quick
${teams}components:
  - { name: ${component}, path: ${component}, team: ${team} }
environments:
  - { name: staging, database: "embedded:staging" }
`;
}

const bring = (text: string, more: object = {}, actor = workspace.people.admin) =>
  workspace.door.execute(importConfiguration, { file: "change-mgmt.yaml", text, ...more }, { actor });
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
const versions = async () =>
  (await store.db.selectFrom("configurations").select(["version", "change_id"]).orderBy("version").execute()).map(
    (row) => row,
  );

/** A change by rosa whose title names something, approved at once by its process. */
async function approvedChange(title: string, submit = true): Promise<{ id: string; number: string }> {
  const input = {
    process: "quick",
    fields: { title: "Configure", type: "add", components: ["users"] },
    artifacts: naming(title),
    submit,
  };
  const { id } = accepted(await workspace.door.execute(createChange, input, { actor: workspace.people.rosa }));
  return await store.db
    .selectFrom("change_requests")
    .select(["id", "number"])
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
}

function naming(title: string) {
  return [
    {
      kind: "manual",
      id: "import",
      name: "Import it",
      steps: [{ id: "import", title, undo: "Import the one before" }],
    },
  ];
}

const FIRST = aFile("users", "web");

test("what cannot be in force is refused, and leaves nothing", async () => {
  const before = { ...(await storedRows(store)), audit_trail: [], audit_streams: [] };
  expect(refused(await bring(FIRST, {}, workspace.people.lena)).code).toBe("NOT_ALLOWED");
  expect(refused(await bring("workspace: [")).code).toBe("WORKSPACE_INVALID");
  expect(refused(await bring(FIRST.replace("quick", "slow")))).toMatchObject({
    code: "PROCESS_UNKNOWN",
    hint: "Processes here: quick.",
  });
  expect(refused(await bring(aFile("users", "nobody")))).toMatchObject({
    code: "WORKSPACE_INVALID",
    message: expect.stringContaining('Component users belongs to "nobody", which is no team.'),
  });
  expect({ ...(await storedRows(store)), audit_trail: [], audit_streams: [] }).toEqual(before);
});

test("of several first imports at once one is the first, the same file is the same, and another needs a change", async () => {
  const outcomes = await Promise.all([bring(FIRST), bring(FIRST), bring(FIRST), bring(FIRST)]);
  expect(outcomes.map((outcome) => outcome.ok && outcome.value)).toEqual(
    Array.from({ length: 4 }, () => ({ version: 1 })),
  );
  expect(await versions()).toEqual([{ version: 1, change_id: null }]);
  const events = await store.db
    .selectFrom("audit_trail")
    .select("details")
    .where("action", "=", "config.imported")
    .execute();
  expect(events).toEqual([
    { details: expect.objectContaining({ version: 1, hash: hashOf(FIRST), teams: ["web"], change: null }) },
  ]);
});

test("teams that the file declares are made, and those that are here stay as they are", async () => {
  const teams = await store.db.selectFrom("teams").select(["name", "title"]).orderBy("name").execute();
  expect(teams).toEqual([
    { name: "core", title: "Core" },
    { name: "web", title: "Web" },
  ]);
});

test("two different first imports at once: one is in force, the other is told what it takes", async () => {
  await store.pool.query("DELETE FROM change_mgmt.configurations");
  const outcomes = await Promise.all([
    bring(aFile("users", "a-team", "teams: [{ name: a-team, title: A }]\n")),
    bring(aFile("books", "a-team", "teams: [{ name: a-team, title: A }]\n")),
  ]);
  expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1);
  expect(refused(outcomes.find((outcome) => !outcome.ok)!).code).toBe("CONFIG_CHANGE_NEEDED");
  expect(await versions()).toHaveLength(1);
});

test("every later one comes with an approved change that names it", async () => {
  await store.pool.query("DELETE FROM change_mgmt.configurations");
  accepted(await bring(FIRST));
  const next = aFile("users");
  expect(refused(await bring(next))).toMatchObject({
    code: "CONFIG_CHANGE_NEEDED",
    hint: expect.stringContaining(`sha256:${hashOf(next)}`),
  });
  expect(refused(await bring(next, { change: "Q-99" })).code).toBe("CHANGE_UNKNOWN");
  const draft = await approvedChange(`sha256:${hashOf(next)}`, false);
  expect(refused(await bring(next, { change: draft.number })).code).toBe("CONFIG_CHANGE_NOT_APPROVED");
  const other = await approvedChange(`sha256:${hashOf(FIRST)}`);
  expect(refused(await bring(next, { change: other.number })).code).toBe("CONFIG_NOT_IN_CHANGE");
  const cancelled = await approvedChange(`sha256:${hashOf(next)}`);
  accepted(
    await workspace.door.execute(cancelChange, { id: cancelled.id, reason: "no" }, { actor: workspace.people.rosa }),
  );
  expect(refused(await bring(next, { change: cancelled.number })).code).toBe("CONFIG_CHANGE_NOT_APPROVED");
  expect((await currentConfiguration(store.db))?.hash).toBe(hashOf(FIRST));

  const carrying = await approvedChange(`sha256:${hashOf(next)}`);
  expect(accepted(await bring(next, { change: carrying.number }))).toEqual({ version: 2 });
  expect(await currentConfiguration(store.db)).toMatchObject({
    version: 2,
    hash: hashOf(next),
    changeId: carrying.id,
    importedBy: "admin",
  });
});

test("a history may be handed in later, with the file that is in force", async () => {
  const current = await currentConfiguration(store.db);
  const history = [{ name: "1.sql", sql: "CREATE TABLE users ()" }];
  expect(accepted(await bring(aFile("users"), { history }))).toEqual({ version: current!.version + 1 });
  expect(refused(await bring(aFile("others"), { history })).code).toBe("CONFIG_CHANGE_NEEDED");
});
