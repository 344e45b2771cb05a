import type { MigrationArtifact } from "@change-mgmt/domain/change/change.ts";
import { accept } from "@change-mgmt/domain/change/refusal.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { PlannedStep, StepResult } from "../artifacts/artifact.ts";
import { migrationKind } from "../artifacts/migration/migration.ts";
import {
  compareWithSnapshotStep,
  driftCheckStep,
  type SchemaSnapshot,
  snapshotStep,
} from "../artifacts/migration/schema-steps.ts";
import type { TargetEnvironment, TargetSession, Targets } from "../assets/databases/target.ts";
import { accepted, aStepContext, runSteps } from "./step-context.ts";

/** Where the suite runs: `empty` gives the environment of a database nobody has used yet. */
export interface TargetBench {
  readonly targets: Targets;
  empty(with_?: Partial<TargetEnvironment>): Promise<TargetEnvironment>;
  stop(): Promise<void>;
}

const addNickname: MigrationArtifact = {
  kind: "migration",
  id: "add-nickname",
  name: "20261121093000_add_nickname.sql",
  up: "create table users (id int primary key);\ninsert into users values (1);\nalter table users add column nickname text;",
  down: "drop table users;",
  transactional: true,
  tool: "supabase",
};

const indexed: MigrationArtifact = {
  kind: "migration",
  id: "index-email",
  name: "0003_index_email.sql",
  up: "alter table people add column seen int;\ncreate unique index concurrently people_email on people (email);\nalter table people add column last int;",
  down: "alter table people drop column last;\ndrop index concurrently people_email;\nalter table people drop column seen;",
  transactional: false,
};

const PEOPLE = "create table people (id int, email text)";
const LEDGER = "select direction, deployment_id, statements, applied_by from change_mgmt_ledger.applied order by id";

/** What every kind of target must keep, as vitest tests: sessions, migrations in both directions, their ledgers, drift. */
export function targetConformance(name: string, start: () => Promise<TargetBench>): void {
  describe(`a target: ${name}`, () => {
    let bench: TargetBench;
    let environment: TargetEnvironment;
    let session: TargetSession;

    /** A new deployment, or the one named, on the session that the whole test shares. */
    const context = (with_: Parameters<typeof aStepContext>[2] = {}) =>
      aStepContext(environment, bench.targets, { target: async () => accept(session), ...with_ });
    const run = (steps: readonly PlannedStep[], with_: Parameters<typeof aStepContext>[2] = {}) =>
      runSteps(steps, context(with_));
    const plan = async (artifact: MigrationArtifact, direction: "deploy" | "rollback" = "deploy") =>
      accepted(await migrationKind.plan(artifact, direction));
    /** The rows of the last query. */
    const rows = async (...queries: string[]) => {
      if (!session.usable) accepted(await session.reopen());
      let last: Record<string, unknown>[] = [];
      for (const query of queries) last = (await session.query(query)).rows;
      return last;
    };
    const freshTarget = async (with_: Partial<TargetEnvironment> = {}) => {
      await session?.close();
      environment = await bench.empty(with_);
      session = accepted(await bench.targets.open(environment));
    };
    const snapshot = async () => {
      const result = await snapshotStep("snapshot").run(context());
      if (result.state !== "done") throw new Error("no snapshot");
      return result.output as SchemaSnapshot;
    };

    beforeAll(async () => {
      bench = await start();
    });
    beforeEach(() => freshTarget());
    afterAll(async () => {
      await session?.close();
      await bench.stop();
    });

    test("a session answers with the types of node-postgres and errors with their SQLSTATE", async () => {
      expect(session.serverVersion).toMatch(/^\d+\.\d+$/);
      const { rows: answer, rowCount } = await session.query("select 1::int8 as big, $1::text as text", ["x"]);
      expect(answer).toEqual([{ big: "1", text: "x" }]);
      expect(rowCount).toBe(1);
      await expect(session.query("selct 1")).rejects.toMatchObject({ code: "42601", position: "1" });
      expect(session.usable).toBe(true);
      await session.close();
      expect(session.usable).toBe(false);
      await expect(session.query("select 1")).rejects.toMatchObject({ code: "08003" });
    });

    test("a running statement is ended from outside, and the session can be opened anew", async () => {
      await session.query("create table kept (id int)");
      const endless = session.query("select count(*) from generate_series(1, 1000000000000)");
      const ended = expect(endless).rejects.toMatchObject({ code: "57014" });
      await session.interrupt();
      await ended;
      expect(await rows("select count(*) from kept")).toEqual([{ count: "0" }]);
    });

    test("a migration is applied once, even when its steps are run again", async () => {
      const steps = await plan(addNickname);
      expect(steps.map((step) => step.id)).toEqual(["add-nickname:apply", "add-nickname:verify"]);
      const own = context({ deploymentId: "d1" });
      expect(await runSteps(steps, own)).toEqual({ state: "done" });
      expect(await runSteps(steps, own)).toEqual({ state: "done" });
      expect(await run(steps, { deploymentId: "d1", attempt: 2 })).toEqual({ state: "done" });
      expect(await rows(LEDGER)).toEqual([
        { direction: "deploy", deployment_id: "d1", statements: 3, applied_by: "rosa" },
      ]);
      expect(await rows("select id, nickname from users")).toEqual([{ id: 1, nickname: null }]);
    });

    test("another deployment is told that a migration is applied, also when only Supabase's ledger knows", async () => {
      await run(await plan(addNickname), { deploymentId: "d1" });
      const again = await run(await plan(addNickname), { deploymentId: "d2" });
      expect(refusalOf(again).code).toBe("ALREADY_APPLIED");
      expect(refusalOf(again).message).toContain("d1");
      const changed = await run(await plan({ ...addNickname, up: "create table other ()" }), { deploymentId: "d3" });
      expect(refusalOf(changed).code).toBe("APPLIED_IN_OTHER_VERSION");
      await rows("delete from change_mgmt_ledger.applied");
      const bySupabase = await run(await plan(addNickname), { deploymentId: "d4" });
      expect(refusalOf(bySupabase)).toMatchObject({
        code: "ALREADY_APPLIED",
        message: expect.stringContaining("Supabase"),
      });
    });

    test("the migration, its ledger entry and Supabase's come from one transaction", async () => {
      await run(await plan(addNickname));
      const [found] = await rows(
        `select (select xmin::text from change_mgmt_ledger.applied) as ledger,
                (select xmin::text from supabase_migrations.schema_migrations) as supabase,
                (select xmin::text from users) as data`,
      );
      expect(found!.supabase).toBe(found!.ledger);
      expect(found!.data).toBe(found!.ledger);
      expect(await rows("select version, name, statements from supabase_migrations.schema_migrations")).toEqual([
        { version: "20261121093000", name: "add_nickname", statements: addNickname.up.replace(/;$/, "").split(";\n") },
      ]);
    });

    test("a statement that fails leaves nothing and is named with its place", async () => {
      const up = "create table users (id int);\n\n  insert into users\n  values (length('größe 🦊') + nope);";
      const result = await run(await plan({ ...addNickname, up }));
      expect(result).toMatchObject({
        state: "failed",
        retryable: false,
        targetState: "Nothing of this migration is on the target: its transaction was rolled back.",
      });
      expect(refusalOf(result)).toMatchObject({
        code: "MIGRATION_FAILED",
        place: { file: addNickname.name, line: 4, column: 32 },
        details: { sqlstate: "42703", number: 2, statement: expect.stringContaining("insert into users") },
      });
      expect(await rows(LEDGER)).toEqual([]);
      expect(
        await rows("select to_regclass('users') as users, to_regclass('supabase_migrations.schema_migrations') as s"),
      ).toEqual([{ users: null, s: null }]);
      expect(await run(await plan(addNickname))).toEqual({ state: "done" });
    });

    test("a constraint that is only checked at COMMIT fails the migration, too", async () => {
      const up =
        "create table a (id int primary key, b int references a deferrable initially deferred);\ninsert into a values (1, 2);";
      const result = await run(await plan({ ...addNickname, up }));
      expect(refusalOf(result)).toMatchObject({ code: "MIGRATION_FAILED", details: { sqlstate: "23503" } });
      expect(await rows("select to_regclass('a') as a")).toEqual([{ a: null }]);
    });

    test("what a migration sets for its session does not reach the next", async () => {
      const own = context();
      const up = "set search_path = pg_catalog; set lock_timeout = '7s'; create table public.users (id int)";
      expect(await runSteps(await plan({ ...addNickname, up }), own)).toEqual({ state: "done" });
      expect(
        (await session.query("select current_setting('lock_timeout') as l, to_regclass('users')::text as u")).rows,
      ).toEqual([{ l: "0", u: "users" }]);
    });

    test("a statement that runs too long is ended and nothing of the migration stays", async () => {
      await freshTarget({ statementTimeoutMs: 700 });
      const up = "create table users (id int);\nselect count(*) from generate_series(1, 1000000000000);";
      const result = await run(await plan({ ...addNickname, up }));
      expect(refusalOf(result)).toMatchObject({ code: "MIGRATION_FAILED", details: { sqlstate: "57014", number: 2 } });
      expect(await rows("select to_regclass('users') as users")).toEqual([{ users: null }]);
    });

    test("a cancelled deployment ends the running statement and leaves nothing", async () => {
      const stop = new AbortController();
      const up = "create table users (id int);\nselect count(*) from generate_series(1, 1000000000000);";
      const result = await run(await plan({ ...addNickname, up }), {
        signal: stop.signal,
        say: async (line) => {
          // Given while the first statement is done and the second is about to run.
          if (line.includes("statement 2")) setImmediate(() => stop.abort());
        },
      });
      expect(result).toMatchObject({ state: "failed", retryable: true });
      expect(refusalOf(result).code).toBe("DEPLOYMENT_CANCELLED");
      expect(await rows("select to_regclass('users') as users")).toEqual([{ users: null }]);
    });

    test("a rollback takes the migration back, and the schema equals the snapshot from before", async () => {
      await rows("create table kept (id int)");
      const before = await snapshot();
      await run(await plan(addNickname), { deploymentId: "d1" });
      const incomplete = await run([compareWithSnapshotStep(() => before.schema)]);
      expect(refusalOf(incomplete)).toMatchObject({
        code: "ROLLBACK_INCOMPLETE",
        message: expect.stringContaining("public.users"),
      });

      const back = await plan(addNickname, "rollback");
      expect(back.map((step) => step.id)).toEqual(["add-nickname:rollback", "add-nickname:verify-rollback"]);
      const own = context({ deploymentId: "d1" });
      expect(await runSteps([...back, compareWithSnapshotStep(() => before.schema)], own)).toEqual({
        state: "done",
        output: { compared: true, equality: "exact" },
      });
      expect(await runSteps(back, own)).toEqual({ state: "done" });
      expect((await snapshot()).hash).toBe(before.hash);
      expect((await rows(LEDGER)).map((row) => row.direction)).toEqual(["deploy", "rollback"]);
      expect(await rows("select * from supabase_migrations.schema_migrations")).toEqual([]);
      expect(refusalOf(await run(back, { deploymentId: "d2" })).code).toBe("ALREADY_ROLLED_BACK");
      expect(await run(await plan(addNickname), { deploymentId: "d3" })).toEqual({ state: "done" });
    });

    test("columns that come back in another order pass with a note", async () => {
      await rows("create table t (a int, b int)");
      const own = context();
      const before = await snapshot();
      await rows("alter table t drop column a", "alter table t add column a int");
      expect(await runSteps([compareWithSnapshotStep(() => before.schema)], own)).toEqual({
        state: "done",
        output: { compared: true, equality: "column-order" },
      });
      expect(own.said.join()).toContain("column order a, b → b, a");
    });

    test("what was never applied cannot be rolled back, and what has no down SQL neither", async () => {
      expect(refusalOf(await run(await plan(addNickname, "rollback"))).code).toBe("NOT_APPLIED");
      const none = await migrationKind.plan({ ...addNickname, down: null }, "rollback");
      expect(none).toMatchObject({ ok: false, refusal: { code: "NO_ROLLBACK" } });
    });

    test("drift is named, object by object", async () => {
      await rows("create table t (a int)");
      const own = context();
      const { schema } = await snapshot();
      expect(await runSteps([driftCheckStep(schema)], own)).toMatchObject({ state: "done" });
      expect(await runSteps([driftCheckStep(null)], own)).toMatchObject({ output: { compared: false } });
      await rows("alter table t add column by_hand int");
      const drifted = await run([driftCheckStep(schema)]);
      expect(drifted).toMatchObject({ state: "failed", targetState: "Nothing was run on the target." });
      expect(refusalOf(drifted)).toMatchObject({
        code: "TARGET_DRIFTED",
        problems: [{ code: "COLUMN_ADDED", message: expect.stringContaining("public.t.by_hand") }],
      });
    });

    test("a file without a transaction runs statement by statement, forth and back", async () => {
      await rows(PEOPLE);
      const before = await snapshot();
      const steps = await plan(indexed);
      expect(steps.map((step) => step.id)).toEqual([
        ...["index-email:statement-1", "index-email:statement-2", "index-email:statement-3"],
        ...["index-email:record", "index-email:verify"],
      ]);
      const own = context({ deploymentId: "d1" });
      expect(await runSteps(steps, own)).toEqual({ state: "done" });
      expect(await runSteps(steps, own)).toEqual({ state: "done" });
      expect(await rows(LEDGER)).toMatchObject([{ direction: "deploy", statements: 3 }]);
      expect(await rows("select indisvalid from pg_index where indexrelid = 'people_email'::regclass")).toEqual([
        { indisvalid: true },
      ]);
      expect(refusalOf(await run(steps, { deploymentId: "d2" })).code).toBe("ALREADY_APPLIED");
      const back = [...(await plan(indexed, "rollback")), compareWithSnapshotStep(() => before.schema)];
      expect(await run(back, { deploymentId: "d3" })).toMatchObject({ output: { equality: "exact" } });
    });

    test("a failing statement of such a file says what is on the target, and a later deployment goes on there", async () => {
      await rows(PEOPLE, "insert into people values (1, 'a'), (2, 'a')");
      const steps = await plan(indexed);
      const result = await run(steps, { deploymentId: "d1" });
      expect(refusalOf(result)).toMatchObject({ code: "MIGRATION_FAILED", details: { sqlstate: "23505", number: 2 } });
      expect(result).toMatchObject({
        targetState:
          "Statement 1 of 3 is on the target. Statement 2 of 3 failed and left nothing behind. Statement 3 was not run.",
      });
      expect(await rows("select to_regclass('people_email') as i")).toEqual([{ i: null }]);
      await rows("delete from people where id = 2");
      expect(await run(steps, { deploymentId: "d2" })).toEqual({ state: "done" });
      expect(await rows("select * from change_mgmt_ledger.statements")).toEqual([]);
    });

    test("an INVALID index that an interrupted try left is dropped and built again", async () => {
      await rows(PEOPLE, "insert into people values (1, 'a'), (2, 'a')");
      const steps = await plan(indexed);
      await run([steps[0]!], { deploymentId: "d1" });
      // As a process that was killed in the middle leaves it: marked as started, the index there and INVALID.
      await rows(
        `insert into change_mgmt_ledger.statements select change_id, artifact_id, content_hash, direction, 2, deployment_id, 'started', false
           from change_mgmt_ledger.statements`,
      );
      await expect(rows("create unique index concurrently people_email on people (email)")).rejects.toThrow();
      expect(await rows("select indisvalid from pg_index where indexrelid = 'people_email'::regclass")).toEqual([
        { indisvalid: false },
      ]);
      await rows("delete from people where id = 2");
      const own = context({ deploymentId: "d1", attempt: 2 });
      expect(await runSteps(steps, own)).toEqual({ state: "done" });
      expect(own.said.join("\n")).toContain("INVALID index public.people_email");
      expect(await rows("select indisvalid from pg_index where indexrelid = 'people_email'::regclass")).toEqual([
        { indisvalid: true },
      ]);
    });

    test("an index that was finished before the crash is not built twice", async () => {
      await rows(PEOPLE);
      const steps = await plan(indexed);
      await run([steps[0]!], { deploymentId: "d1" });
      await rows(
        `insert into change_mgmt_ledger.statements select change_id, artifact_id, content_hash, direction, 2, deployment_id, 'started', false
           from change_mgmt_ledger.statements`,
      );
      await rows("create unique index concurrently people_email on people (email)");
      const [built] = await rows("select 'people_email'::regclass::oid as oid");
      expect(await run(steps, { deploymentId: "d1", attempt: 2 })).toEqual({ state: "done" });
      expect(await rows("select 'people_email'::regclass::oid as oid")).toEqual([built]);
    });

    test("an index of that name that somebody else made is no success", async () => {
      await rows(PEOPLE, "create index people_email on people (id)");
      const result = await run(await plan(indexed));
      expect(refusalOf(result)).toMatchObject({ code: "MIGRATION_FAILED", details: { sqlstate: "42P07" } });
      expect(await rows("select indisvalid from pg_index where indexrelid = 'people_email'::regclass")).toEqual([
        { indisvalid: true },
      ]);
    });
  });
}

/** The refusal of a result that must be a failure. */
export function refusalOf(result: StepResult) {
  if (result.state !== "failed") throw new Error(`the step is ${result.state}`);
  return result.refusal;
}
