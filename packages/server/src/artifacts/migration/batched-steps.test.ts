import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { inBatches } from "@change-mgmt/analysis/expand-contract/batches.ts";
import type { MigrationArtifact } from "@change-mgmt/domain/change/change.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTargets } from "../../assets/databases/targets.ts";
import { startPostgres, type TestPostgres, withClient } from "../../testing/postgres.ts";
import { accepted, anEnvironment, aStepContext, runSteps } from "../../testing/step-context.ts";
import type { StepContext } from "../artifact.ts";
import { migrationKind } from "./migration.ts";

let postgres: TestPostgres;
let url: string;
const env: Record<string, string> = {};
const targets = createTargets({ dataFolder: "/nowhere", env });
const ROWS = 1050;

beforeAll(async () => {
  postgres = await startPostgres();
});
beforeEach(async () => {
  url = await postgres.newDatabase();
  env.TARGET = url;
  await withClient(url, (client) =>
    client.query(`create table users (id int primary key, touched int not null default 0, check (touched < 2));
      insert into users select n * 3 from generate_series(1, ${ROWS}) n; analyze users`),
  );
});
afterAll(() => postgres.stop());

/** Counts up each row that a batch writes, so that none is left out and none comes twice. */
function aBackfill(
  statement = (range: string) => `UPDATE public.users SET touched = touched + 1 WHERE ${range}`,
  key: readonly string[] = ["id"],
  table = "public.users",
): MigrationArtifact {
  const block = inBatches({ table, key, statement }).replace("OFFSET 1000", "OFFSET 100");
  return {
    kind: "migration",
    id: "backfill",
    name: "0002_backfill.sql",
    up: `${block};`,
    down: null,
    transactional: false,
  };
}

async function deploy(artifact: MigrationArtifact, with_: Partial<StepContext> = {}) {
  const context = aStepContext(anEnvironment("$" + "{TARGET}"), targets, with_);
  const result = await runSteps(accepted(await migrationKind.plan(artifact, "deploy")), context);
  await context.close();
  return { result, shown: context.shown };
}

const ask = async (sql: string) => (await withClient(url, (client) => client.query(sql))).rows;
const touched = async () =>
  Object.fromEntries(
    (await ask("select touched, count(*)::int as rows from users group by 1 order by 1")).map((row) => [
      row.touched,
      row.rows,
    ]),
  );

test("each batch is committed by itself, counted, and the last one short", async () => {
  const { result, shown } = await deploy(aBackfill());
  expect(result).toMatchObject({ state: "done" });
  expect(await touched()).toEqual({ 1: ROWS });
  expect(shown.map(({ done }) => done)).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1050]);
  expect(shown.at(-1)).toMatchObject({ about: ROWS, written: ROWS, secondsLeft: 0 });
  expect(await ask("select count(distinct xmin::text)::int as transactions from users")).toEqual([
    { transactions: 11 },
  ]);
  expect(await ask("select from change_mgmt_ledger.batches")).toEqual([]);
});

test("keys of several columns and of types that are written in many ways are gone along like any other", async () => {
  await ask(`create table "Odd" (at timestamptz, "order" text, touched int not null default 0, primary key (at, "order"));
    insert into "Odd" select '2026-01-01 10:00:00.123456+02'::timestamptz + (n / 7) * interval '1 hour', $a$it's \\ $a$ || n from generate_series(1, 350) n`);
  await ask(`alter database ${new URL(url).pathname.slice(1)} set datestyle = 'SQL, DMY'`);
  const update = (range: string) => `UPDATE public."Odd" SET touched = touched + 1 WHERE ${range}`;
  expect((await deploy(aBackfill(update, ["at", "order"], 'public."Odd"'))).result).toMatchObject({ state: "done" });
  expect(await ask('select touched, count(*)::int as rows from "Odd" group by 1')).toEqual([{ touched: 1, rows: 350 }]);
});

test("a table without rows is done at once, and one that was never counted has no end that is known", async () => {
  await ask("truncate users");
  expect((await deploy(aBackfill())).shown).toMatchObject([
    { done: 0, about: null, perSecond: null, secondsLeft: null },
  ]);
});

test("where a pause is wanted it ends after the batch, and goes on with the next one when it is run again", async () => {
  const deploymentId = randomUUID();
  const paused = await deploy(aBackfill(), { deploymentId, pauseWanted: () => true });
  expect(paused.result).toEqual({ state: "paused" });
  expect(await touched()).toEqual({ 0: ROWS - 100, 1: 100 });
  const { result, shown } = await deploy(aBackfill(), { deploymentId });
  expect(result).toMatchObject({ state: "done" });
  expect(shown[0]).toMatchObject({ done: 200, written: 200 });
  expect(await touched()).toEqual({ 1: ROWS });
});

test("a batch that fails leaves those before it, says so, and a later deployment goes on there", async () => {
  await ask("update users set touched = 1 where id = 750");
  const { result } = await deploy(aBackfill());
  expect(result).toMatchObject({
    state: "failed",
    refusal: { code: "MIGRATION_FAILED" },
    targetState: expect.stringContaining("after about 200 rows, which are on the target"),
  });
  await ask("update users set touched = 0 where id = 750");
  const later = await deploy(aBackfill());
  expect(later.shown[0]).toMatchObject({ done: 300 });
  expect(await touched()).toEqual({ 1: ROWS });
});

test("cancelled in the middle, the batch in hand is rolled back and those before it stay", async () => {
  const stop = new AbortController();
  const context = {
    signal: stop.signal,
    progress: async ({ done }: { done: number }) => void (done === 300 && stop.abort()),
  };
  expect((await deploy(aBackfill(), context)).result).toMatchObject({
    state: "failed",
    refusal: { code: "DEPLOYMENT_CANCELLED" },
  });
  expect(await touched()).toEqual({ 0: ROWS - 300, 1: 300 });
});

test("a lock that is not given in time is waited for again, and no batch is run twice", async () => {
  await withClient(url, async (client) => {
    await client.query("begin; select from users where id = 3 * 150 for update");
    const say = async () => void (await client.query("rollback"));
    expect((await deploy(aBackfill(), { say })).result).toMatchObject({ state: "done" });
  });
  expect(await touched()).toEqual({ 1: ROWS });
});

test("killed in the middle (SIGKILL), it goes on with the batch after the last that was committed: each row once", async () => {
  const deploymentId = randomUUID();
  const script = fileURLToPath(new URL("../../testing/run-batches.ts", import.meta.url));
  let killed = 0;
  for (const line of [1, 3, 2]) {
    const given = JSON.stringify({ artifact: aBackfill(), deploymentId, target: url });
    const child = spawn(process.execPath, [script, given], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
      if (said.split("\n").length > line) child.kill("SIGKILL");
    });
    const [, signal] = await once(child, "exit");
    if (signal === "SIGKILL") killed++;
  }
  expect(killed).toBeGreaterThan(0);
  const { result, shown } = await deploy(aBackfill(), { deploymentId });
  expect(result).toMatchObject({ state: "done" });
  expect(shown.length).toBeLessThan(11);
  expect(await touched()).toEqual({ 1: ROWS });
});

test("a block that does more than go through a table is run as it stands", async () => {
  const up =
    "DO $$ BEGIN UPDATE users SET touched = 1 WHERE id < 10; COMMIT; UPDATE users SET touched = 1 WHERE id >= 10; COMMIT; END $$;";
  const { result, shown } = await deploy({ ...aBackfill(), up });
  expect(result).toMatchObject({ state: "done" });
  expect(shown).toEqual([]);
  expect(await touched()).toEqual({ 1: ROWS });
});
