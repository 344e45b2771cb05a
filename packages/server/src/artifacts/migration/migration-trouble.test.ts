import type { MigrationArtifact } from "@change-mgmt/domain/change/change.ts";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { TargetEnvironment } from "../../assets/databases/target.ts";
import { createTargets } from "../../assets/databases/targets.ts";
import { type BreakingProxy, startBreakingProxy } from "../../testing/breaking-proxy.ts";
import { startPostgres, type TestPostgres, withClient } from "../../testing/postgres.ts";
import { accepted, anEnvironment, aStepContext, runSteps } from "../../testing/step-context.ts";
import { refusalOf } from "../../testing/target-conformance.ts";
import type { StepContext } from "../artifact.ts";
import { LEDGER_TABLES } from "./ledger.ts";
import { migrationKind } from "./migration.ts";

const migration: MigrationArtifact = {
  kind: "migration",
  id: "m",
  name: "0002_age.sql",
  up: "alter table t add column a int;\nalter table t add column b int;",
  down: null,
  transactional: true,
};

let postgres: TestPostgres;
let url: string;
let proxy: BreakingProxy | null = null;
const env: Record<string, string> = {};
const targets = createTargets({ dataFolder: "/nowhere", env });

beforeAll(async () => {
  postgres = await startPostgres();
});
beforeEach(async () => {
  url = await postgres.newDatabase();
  env.TARGET = url;
  await withClient(url, (client) => client.query("create table t (id int); insert into t values (1), (1)"));
  return async () => {
    await proxy?.stop();
    proxy = null;
  };
});
afterAll(() => postgres.stop());

/** Deploys the migration; `onLine` sees each line of progress while the step waits for it. */
async function deploy(
  artifact: MigrationArtifact,
  with_: Partial<StepContext> = {},
  onLine: (line: string) => Promise<unknown> | undefined = () => undefined,
  environment: Partial<TargetEnvironment> = {},
  direction: "deploy" | "rollback" = "deploy",
) {
  const said: string[] = [];
  const context = aStepContext(anEnvironment("$" + "{TARGET}", environment), targets, {
    say: async (line) => {
      said.push(line);
      await onLine(line);
    },
    ...with_,
  });
  const result = await runSteps(accepted(await migrationKind.plan(artifact, direction)), context);
  await context.close();
  return { result, said: said.join("\n") };
}

const columns = () =>
  withClient(url, async (client) => {
    const { rows } = await client.query(
      "select string_agg(attname::text, ',' order by attnum) as names from pg_attribute where attrelid = 't'::regclass and attnum > 0",
    );
    return rows[0].names as string;
  });
const entries = () =>
  withClient(url, async (client) => {
    const { rows } = await client.query("select count(*)::int as n from change_mgmt_ledger.applied");
    return rows[0].n as number;
  });

async function holdLock(): Promise<pg.Client> {
  const holder = new pg.Client({ connectionString: url, application_name: "nightly-report" });
  holder.on("error", () => undefined);
  await holder.connect();
  await holder.query("begin; select * from t");
  return holder;
}

test.each([true, false])(
  "a way back of comments alone runs nothing, and the ledger knows that it was taken back (in a transaction: %s)",
  async (transactional) => {
    const artifact = { ...migration, transactional, down: "-- Nothing has to be taken back.\n" };
    expect((await deploy(artifact)).result.state).toBe("done");
    expect((await deploy(artifact, {}, undefined, {}, "rollback")).result.state).toBe("done");
    expect(await columns()).toBe("id,a,b");
    // It is not taken for applied any more.
    expect((await deploy(artifact)).result).toMatchObject({ state: "failed", refusal: { code: "MIGRATION_FAILED" } });
  },
);

test("waits for a lock, gives up, and succeeds when the holder has ended", async () => {
  const holder = await holdLock();
  const { result, said } = await deploy(migration, {}, (line) =>
    line.includes("Trying again") ? holder.query("commit") : undefined,
  );
  await holder.end();
  expect(result).toEqual({ state: "done" });
  expect(said).toContain("nightly-report");
  expect(await columns()).toBe("id,a,b");
});

test("a transaction that has been open for a while is said and waited for before any lock is asked for, so that nobody stands behind it", async () => {
  await withClient(url, async (holder) => {
    await holder.query("set application_name = 'reports'; begin; select from t limit 1");
    await expect
      .poll(
        async () => {
          const { rows } = await withClient(url, (client) =>
            client.query(
              "select from pg_stat_activity where application_name = 'reports' and xact_start < now() - interval '1.1 seconds'",
            ),
          );
          return rows.length;
        },
        { timeout: 20_000 },
      )
      .toBe(1);
    const waiting: number[] = [];
    const { result, said } = await deploy(migration, {}, async (line) => {
      if (!line.startsWith("Before it asks for locks")) return;
      const { rows } = await withClient(url, (client) => client.query("select from pg_locks where not granted"));
      waiting.push(rows.length);
      await holder.query("rollback");
    });
    expect(result).toMatchObject({ state: "done" });
    expect(said).toMatch(/waits for process \d+ \(reports, idle in transaction, open for [\d.]+ s\)\./);
    expect(waiting).toEqual([0]);
    expect(said).not.toContain("Trying again");
  });
});

test("a lock that is never given ends in TARGET_LOCKED, which names the holder, and nothing on the target", async () => {
  const holder = await holdLock();
  const { result } = await deploy(migration, {}, undefined, { retries: 1, lockTimeoutMs: 50 });
  await holder.end();
  expect(result).toMatchObject({ state: "failed", retryable: true, targetState: expect.stringMatching(/^Nothing/) });
  expect(refusalOf(result)).toMatchObject({
    code: "TARGET_LOCKED",
    message: expect.stringContaining("nightly-report"),
    place: { file: "0002_age.sql", line: 1, column: 1 },
    details: { sqlstate: "55P03" },
  });
  expect([await columns(), await entries()]).toEqual(["id", 0]);
});

test("a backend that is killed in the middle is noticed, and the migration applied once", async () => {
  let killed = 0;
  const { result } = await deploy(migration, {}, async (line) => {
    if (!line.includes(": statement 2") || killed++ > 0) return;
    await withClient(url, (client) =>
      client.query(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'change-mgmt' and datname = current_database()",
      ),
    );
  });
  expect(killed).toBe(2);
  expect(result).toEqual({ state: "done" });
  expect([await columns(), await entries()]).toEqual(["id,a,b", 1]);
});

test.each(["before", "after"] as const)("a connection that breaks %s the server has seen COMMIT", async (when) => {
  proxy = await startBreakingProxy(url);
  env.TARGET = proxy.url;
  let breaks = 0;
  const { result } = await deploy(migration, {}, async (line) => {
    if (line.includes(": statement 2") && breaks++ === 0) proxy!.breakAt("commit", when);
  });
  // Run again where it was lost, looked up where it was not.
  expect(breaks).toBe(when === "before" ? 2 : 1);
  expect(result).toEqual({ state: "done" });
  expect([await columns(), await entries()]).toEqual(["id,a,b", 1]);
});

test("without retries, a COMMIT that went through is still found out", async () => {
  proxy = await startBreakingProxy(url);
  env.TARGET = proxy.url;
  const trap = async (line: string) => {
    if (line.includes(": statement 2")) proxy!.breakAt("commit", "after");
  };
  const { result } = await deploy(migration, {}, trap, { retries: 0 });
  expect(result).toEqual({ state: "done" });
  expect(await entries()).toBe(1);
});

test("without retries, a COMMIT that was lost is not tried again, and its loss is certain", async () => {
  proxy = await startBreakingProxy(url);
  env.TARGET = proxy.url;
  const trap = async (line: string) => {
    if (line.includes(": statement 2")) proxy!.breakAt("commit", "before");
  };
  const { result } = await deploy(migration, {}, trap, { retries: 0 });
  expect(result).toMatchObject({ state: "failed", targetState: expect.stringMatching(/^Nothing/) });
  expect(refusalOf(result).code).toBe("TARGET_CONNECTION_LOST");
  expect([await columns(), await entries()]).toEqual(["id", 0]);
});

test("a target that is gone at COMMIT leaves an honest word about what is not known", async () => {
  proxy = await startBreakingProxy(url);
  env.TARGET = proxy.url;
  const trap = async (line: string) => {
    if (line.includes(": statement 2")) proxy!.breakAt("commit", "after");
    if (line.includes("Trying again")) await proxy!.stop();
  };
  const { result } = await deploy(migration, {}, trap, { retries: 0 });
  expect(result).toMatchObject({ retryable: true, targetState: expect.stringContaining("not known") });
  expect(refusalOf(result).code).toBe("TARGET_UNREACHABLE");
});

test.each(["57P01", "40001", "ECONNREFUSED"])(
  "when progress cannot be written (%s), the target is not taken for lost: what was begun is rolled back, and applied once",
  async (code) => {
    const rows: MigrationArtifact = { ...migration, up: "insert into t values (7);\ninsert into t values (8);" };
    let broken = 0;
    const trap = async (line: string) => {
      if (line.includes(": statement 2") && broken++ === 0) throw Object.assign(new Error("no store"), { code });
    };
    // What is no fault of the target goes to whoever runs the steps, who runs them again.
    await expect(deploy(rows, { deploymentId: "d" }, trap)).rejects.toThrow("no store");
    expect((await deploy(rows, { deploymentId: "d", attempt: 2 }, trap)).result).toEqual({ state: "done" });
    const there = await withClient(url, async (client) => (await client.query("select id from t order by id")).rows);
    expect(there).toEqual([1, 1, 7, 8].map((id) => ({ id })));
    expect(await entries()).toBe(1);
  },
);

test("two workers that run the same step at the same time apply it once", async () => {
  const both = await Promise.all([1, 2].map((attempt) => deploy(migration, { deploymentId: "d", attempt })));
  expect(both.map(({ result }) => result)).toEqual([{ state: "done" }, { state: "done" }]);
  expect([await columns(), await entries()]).toEqual(["id,a,b", 1]);
});

test("two deployments at the same time: one applies it, the other is told", async () => {
  const both = await Promise.all(["d1", "d2"].map((deploymentId) => deploy(migration, { deploymentId })));
  const ends = both.map(({ result }) => (result.state === "failed" ? result.refusal.code : result.state)).sort();
  expect(ends).toEqual(["ALREADY_APPLIED", "done"]);
  expect(await entries()).toBe(1);
});

test("a concurrent index whose backend is killed while it builds is built anew", async () => {
  const holder = await holdLock();
  await holder.query("insert into t values (2)");
  const index: MigrationArtifact = {
    ...migration,
    up: "create index concurrently t_id on t (id);",
    transactional: false,
  };
  const running = deploy(index, {}, (line) => (line.includes("Trying again") ? holder.query("commit") : undefined), {
    lockTimeoutMs: 60_000,
  });
  // The build waits for the holder's transaction; only then does an INVALID index exist.
  const building = () =>
    withClient(
      url,
      async (client) =>
        (await client.query("select 1 from pg_stat_progress_create_index where datname = current_database()")).rowCount,
    );
  await expect.poll(building, { timeout: 30_000 }).toBe(1);
  await withClient(url, (client) =>
    client.query(
      "select pg_terminate_backend(pid, 5000) from pg_stat_progress_create_index where datname = current_database()",
    ),
  );
  const { result, said } = await running;
  await holder.end();
  expect(result).toEqual({ state: "done" });
  expect(said).toContain("INVALID index public.t_id");
  await withClient(url, async (client) => {
    const { rows } = await client.query("select indisvalid from pg_index where indexrelid = 't_id'::regclass");
    expect(rows).toEqual([{ indisvalid: true }]);
  });
});

test("a statement that worked and could not be marked stays the deployment's own: the next one goes on from it", async () => {
  const index: MigrationArtifact = {
    ...migration,
    up: "create index concurrently t_id on t (id);",
    transactional: false,
  };
  await withClient(url, async (client) => {
    for (const statement of LEDGER_TABLES) await client.query(statement);
    await client.query(`create function full_disk() returns trigger language plpgsql as
      $$ begin raise 'no room left' using errcode = '53100'; end $$;
      create trigger full_disk before update on change_mgmt_ledger.statements for each row execute function full_disk()`);
  });
  const { result } = await deploy(index, {}, undefined, { retries: 0 });
  expect(result).toMatchObject({
    state: "failed",
    retryable: true,
    targetState: "Statement 1 of 1 is on the target and is not marked as done; running the deployment again marks it.",
  });
  expect(refusalOf(result)).toMatchObject({ code: "MIGRATION_FAILED", details: { sqlstate: "53100" } });
  await withClient(url, (client) => client.query("drop trigger full_disk on change_mgmt_ledger.statements"));
  expect((await deploy(index)).result).toEqual({ state: "done" });
  expect(await entries()).toBe(1);
});

test("a login that may not make the ledger is refused before anything is run", async () => {
  await withClient(url, async (client) => {
    await client.query(
      "create role limited login password 'x'; grant all on schema public to limited; alter table t owner to limited",
    );
  });
  const limited = new URL(url);
  limited.username = "limited";
  limited.password = "x";
  env.TARGET = limited.toString();
  const { result } = await deploy(migration);
  expect(refusalOf(result)).toMatchObject({ code: "LEDGER_NOT_WRITABLE", details: { sqlstate: "42501" } });
  expect(await columns()).toBe("id");
  await withClient(url, (client) => client.query("drop owned by limited cascade; drop role limited").catch(() => null));
});
