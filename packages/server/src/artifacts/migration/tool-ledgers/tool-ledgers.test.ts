import { createHash } from "node:crypto";
import type { MigrationArtifact } from "@change-mgmt/domain/change/change.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTargets } from "../../../assets/databases/targets.ts";
import { startPostgres, type TestPostgres, withClient } from "../../../testing/postgres.ts";
import { accepted, anEnvironment, aStepContext, runSteps } from "../../../testing/step-context.ts";
import type { Direction } from "../../artifact.ts";
import { migrationKind } from "../migration.ts";

let postgres: TestPostgres;
const env: Record<string, string> = {};
const targets = createTargets({ dataFolder: "/nowhere", env });
const environment = anEnvironment("$" + "{TARGET_URL}");

beforeAll(async () => {
  postgres = await startPostgres();
});
beforeEach(async () => {
  env.TARGET_URL = await postgres.newDatabase();
});
afterAll(() => postgres.stop());

const migration = (tool: NonNullable<MigrationArtifact["tool"]>, name: string): MigrationArtifact => ({
  kind: "migration",
  id: "users",
  name,
  up: "create table users (id int primary key, email text);\n",
  down: "drop table users;",
  transactional: true,
  tool,
});

const rows = (text: string) => withClient(env.TARGET_URL!, async (client) => (await client.query(text)).rows);

async function carryOut(artifact: MigrationArtifact, direction: Direction, deploymentId: string) {
  const context = aStepContext(environment, targets, { deploymentId });
  try {
    return await runSteps(accepted(await migrationKind.plan(artifact, direction)), context);
  } finally {
    await context.close();
  }
}

const CASES = [
  {
    artifact: migration("goose", "00042_users.sql"),
    table: "goose_db_version",
    look: "select version_id::text as version, is_applied as well from goose_db_version where version_id > 0",
    shown: [{ version: "42", well: true }],
  },
  {
    artifact: migration("dbmate", "00042_users.sql"),
    table: "schema_migrations",
    look: "select version from schema_migrations",
    shown: [{ version: "00042" }],
  },
  {
    artifact: migration("flyway", "V4_2__users.sql"),
    table: "flyway_schema_history",
    look: "select version, description, checksum, success as well from flyway_schema_history",
    shown: [{ version: "4.2", description: "users", checksum: 1591050818, well: true }],
  },
  {
    artifact: migration("prisma", "prisma/migrations/20260101000000_users/migration.sql"),
    table: "_prisma_migrations",
    look: "select migration_name as name, checksum, finished_at is not null as well from _prisma_migrations",
    shown: [
      {
        name: "20260101000000_users",
        checksum: createHash("sha256").update("create table users (id int primary key, email text);\n").digest("hex"),
        well: true,
      },
    ],
  },
  {
    artifact: migration("golang-migrate", "migrations/000042_users.up.sql"),
    table: "schema_migrations",
    look: "select version::int as version, dirty from schema_migrations",
    shown: [{ version: 42, dirty: false }],
  },
];

test.each(CASES)(
  "a deployment keeps $table in the transaction of the migration, and its rollback takes the row away",
  async ({ artifact, table, look, shown }) => {
    expect(await carryOut(artifact, "deploy", "d1")).toEqual({ state: "done" });
    expect(await rows(look)).toEqual(shown);
    expect(
      await rows(
        `select (select max(xmin::text) from ${table}) = (select xmin::text from change_mgmt_ledger.applied) as same`,
      ),
    ).toEqual([{ same: true }]);
    expect(await carryOut(artifact, "rollback", "d2")).toEqual({ state: "done" });
    expect(await rows(look)).toEqual([]);
  },
);

test("golang-migrate's one row goes back to the version before, which only the newest can", async () => {
  const [users, posts] = [
    migration("golang-migrate", "42_users.up.sql"),
    migration("golang-migrate", "43_posts.up.sql"),
  ];
  const later = { ...posts, id: "posts", up: "create table posts (id int);", down: "drop table posts;" };
  const version = async () =>
    (await rows("select version::int, dirty from schema_migrations")).map((row) => row.version);
  await rows("create table schema_migrations (version bigint primary key, dirty boolean not null)");
  await rows("insert into schema_migrations values (41, false)");
  expect(await carryOut(users, "deploy", "d1")).toEqual({ state: "done" });
  expect(await carryOut(later, "deploy", "d2")).toEqual({ state: "done" });
  expect(await version()).toEqual([43]);
  expect(await carryOut(users, "rollback", "d3")).toMatchObject({
    refusal: { code: "TOOL_LEDGER_NEWER", message: expect.stringContaining("version 43") },
  });
  expect(await version()).toEqual([43]);
  expect(await carryOut(later, "rollback", "d4")).toEqual({ state: "done" });
  expect(await version()).toEqual([42]);
  expect(await carryOut(users, "rollback", "d5")).toEqual({ state: "done" });
  expect(await version()).toEqual([41]);
});

test.each([
  [
    CASES[4]!.artifact,
    "create table schema_migrations (version bigint primary key, dirty boolean not null); insert into schema_migrations values (41, true)",
  ],
  [
    CASES[3]!.artifact,
    `create table _prisma_migrations (id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null,
       logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count int not null default 0);
     insert into _prisma_migrations (id, checksum, migration_name) values ('1', '2', '20250101000000_first')`,
  ],
])("nothing is deployed on what $tool left half done", async (artifact, left) => {
  await rows(left);
  expect(await carryOut(artifact, "deploy", "d1")).toMatchObject({ refusal: { code: "HISTORY_UNFINISHED" } });
  expect(await rows("select to_regclass('users') as users")).toEqual([{ users: null }]);
});

test("what the tool has applied is not deployed again", async () => {
  await carryOut(CASES[0]!.artifact, "deploy", "d1");
  await rows("delete from change_mgmt_ledger.applied");
  expect(await carryOut(CASES[0]!.artifact, "deploy", "d2")).toMatchObject({
    refusal: { code: "ALREADY_APPLIED", message: expect.stringContaining("goose") },
  });
});

test("a table of the tool's name in another form, and a file name that it does not know, are refused", async () => {
  await rows("create table goose_db_version (id int)");
  expect(await carryOut(CASES[0]!.artifact, "deploy", "d1")).toMatchObject({
    refusal: { code: "TOOL_LEDGER_UNKNOWN" },
    targetState: "Nothing of this migration is on the target: its transaction was rolled back.",
  });
  expect(await rows("select to_regclass('users') as users")).toEqual([{ users: null }]);
  expect(await migrationKind.plan(migration("flyway", "users.sql"), "deploy")).toMatchObject({
    refusal: { code: "TOOL_FILE_NAME" },
  });
});
