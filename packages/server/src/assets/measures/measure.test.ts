import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { measurePromql } from "../../integrations/prometheus/measure-promql.ts";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { anEnvironment } from "../../testing/step-context.ts";
import { createTargets } from "../databases/targets.ts";
import { type ConfiguredMeasure, createMeasure, type Measure } from "./measure.ts";

let postgres: TestPostgres;
let client: pg.Client;
let measure: Measure;
/** How the site answers: a status, a status with a body, or not at all. */
let answer: { readonly status: number; readonly body?: unknown } | "nothing" | "hangs-up";
let asked: IncomingMessage | undefined;
const site = createServer((incoming, outgoing) => {
  asked = incoming;
  if (answer === "hangs-up") incoming.destroy();
  if (typeof answer === "string") return;
  outgoing.statusCode = answer.status;
  outgoing.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? {}));
});
let address: string;

beforeAll(async () => {
  postgres = await startPostgres();
  site.listen(0, "127.0.0.1");
  await once(site, "listening");
  address = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});

beforeEach(async () => {
  answer = { status: 200 };
  const url = await postgres.newDatabase();
  client = new pg.Client(url);
  await client.connect();
  const targets = createTargets({ dataFolder: "/nowhere", env: { TARGET: url } });
  measure = createMeasure({ targets, metrics: measurePromql, privateHosts: new Set() });
});

afterEach(async () => {
  await client.end();
});

afterAll(async () => {
  site.closeAllConnections();
  site.close();
  await postgres?.stop();
});

const target = anEnvironment(`\${TARGET}`);
const stop = new AbortController().signal;
const read = async (how: Partial<ConfiguredMeasure>, memory?: unknown) =>
  await measure({ metric: "health", atLeast: 1, timeoutSeconds: 5, ...how }, { environment: target, memory, stop });
const reading = async (how: Partial<ConfiguredMeasure>) => (await read(how)).reading;

test("an address is well with 2xx and ill with any other answer or none, but not known where it may not be asked", async () => {
  const health = (http: string) => reading({ http });
  expect(await health(address)).toEqual({ value: 1 });
  for (const status of [301, 404, 503]) {
    answer = { status };
    expect(await health(address)).toEqual({ value: 0 });
  }
  answer = "hangs-up";
  expect(await health(address)).toEqual({ value: 0 });
  answer = "nothing";
  expect(await reading({ http: address, timeoutSeconds: 0.05 })).toEqual({ value: 0 });
  expect(await health("http://169.254.169.254/latest")).toEqual({ missing: expect.stringContaining("may be fetched") });
  expect(await health("http://10.0.0.1/")).toEqual({ missing: expect.stringContaining("may be fetched") });
  expect(await health("http://no.such.invalid/")).toEqual({ missing: "no.such.invalid has no address" });
});

test("a response time is one of an answer with 2xx, and otherwise not known", async () => {
  const time = () => reading({ metric: "response-time", http: address });
  expect(await time()).toEqual({ value: expect.any(Number) });
  answer = { status: 500 };
  expect(await time()).toEqual({ missing: expect.stringContaining("answered 500") });
  answer = "hangs-up";
  expect(await time()).toEqual({ missing: expect.stringContaining("did not answer") });
});

test.each<[string, string, object]>([
  ["a number", "SELECT 0.25", { value: 0.25 }],
  ["a number and its samples", "SELECT 1 AS value, 40 AS samples;", { value: 1, samples: 40 }],
  ["a truth", "SELECT true", { value: 1 }],
  ["nothing", "SELECT null", { missing: "the query answers nothing" }],
  ["no row", "SELECT 1 WHERE false", { missing: "the query answers no row" }],
  ["rows", "SELECT generate_series(1, 9)", { missing: "the query answers several rows" }],
  ["a word", "SELECT 'well'", { missing: "the query answers no number" }],
  ["an error", "SELECT * FROM nobody", { missing: expect.stringContaining("nobody") }],
])("SQL that answers %s", async (_what, sql, expected) => {
  expect(await reading({ sql })).toEqual(expected);
});

test.each<[string]>([
  ["SELECT 1) AS one; DROP TABLE kept; SELECT * FROM (SELECT 1"],
  ["WITH gone AS (DELETE FROM kept RETURNING 1) SELECT count(*) FROM gone"],
  ["SELECT wipe()"],
  ["SELECT nextval('counted')"],
])("SQL that would write changes nothing: %s", async (sql) => {
  await client.query(`CREATE TABLE kept AS SELECT 1 AS id; CREATE SEQUENCE counted;
    CREATE FUNCTION wipe() RETURNS int LANGUAGE plpgsql AS $$ BEGIN DELETE FROM kept; RETURN 1; END $$`);
  expect(await reading({ sql })).toEqual({ missing: expect.any(String) });
  expect(
    (await client.query("SELECT count(*)::int AS rows, (SELECT is_called FROM counted) AS called FROM kept")).rows,
  ).toEqual([{ rows: 1, called: false }]);
});

test("SQL that takes too long, or waits for somebody, is ended and not known", async () => {
  expect(await reading({ sql: "SELECT count(*) FROM pg_sleep(600)", timeoutSeconds: 1 })).toEqual({
    missing: expect.any(String),
  });
  await client.query("CREATE TABLE kept (id int)");
  await client.query("BEGIN; LOCK TABLE kept");
  expect(await reading({ sql: "SELECT count(*) FROM kept" })).toEqual({
    missing: expect.stringContaining("lock timeout"),
  });
  const still = await client.query(
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND state = 'active' AND pid <> pg_backend_pid()",
  );
  expect(still.rows).toEqual([{ n: 0 }]);
});

test("of the transactions since the last look, the share that was rolled back", async () => {
  const errors = { metric: "error-rate", statistics: true } as const;
  const first = await read(errors);
  expect(first).toMatchObject({ reading: { missing: expect.stringContaining("no earlier look") }, memory: {} });
  for (let n = 0; n < 20; n++) await client.query("SELECT 1 / 0").catch(() => {});
  await client.query("SELECT pg_stat_force_next_flush()");
  await client.query("SELECT 1");
  const second = await read(errors, first.memory);
  const { value, samples } = second.reading as { value: number; samples: number };
  expect(samples).toBeGreaterThanOrEqual(20);
  expect(Math.round(value * samples)).toBeGreaterThanOrEqual(20);
  expect(value).toBeLessThanOrEqual(1);
  const anew = await read(errors, { ended: 10 ** 9, failed: 0 });
  expect(anew.reading).toEqual({ missing: "the statistics were begun anew" });
});

test("sessions that wait for a lock are counted once they have waited long, and replicas only where there are any", async () => {
  expect(await reading({ metric: "lock-waits", statistics: true })).toEqual({ value: 0 });
  expect(await reading({ metric: "replication-lag", statistics: true })).toEqual({
    missing: "no replica is connected",
  });
});

const success = (data: unknown, more = {}) => ({ status: 200, body: { status: "success", data, ...more } });
const series = (...values: string[]) => ({
  resultType: "vector",
  result: values.map((value) => ({ metric: {}, value: [1_700_000_000.1, value] })),
});

test.each<[string, { status: number; body: unknown }, object]>([
  ["one series", success(series("0.031")), { value: 0.031 }],
  ["a scalar", success({ resultType: "scalar", result: [1, "2"] }), { value: 2 }],
  ["no series", success(series()), { missing: "the query finds no data" }],
  ["two series", success(series("1", "2")), { missing: "the query finds 2 series" }],
  ["no number", success(series("NaN")), { missing: "the query answers NaN" }],
  ["no bound", success(series("+Inf")), { missing: "the query answers +Inf" }],
  [
    "a part",
    success(series("1"), { warnings: ["a store is away"] }),
    { missing: "the answer is not whole: a store is away" },
  ],
  ["a range", success({ resultType: "matrix", result: [] }), { missing: expect.stringContaining("not with a number") }],
  [
    "an error",
    { status: 400, body: { status: "error", errorType: "bad_data", error: "parse error" } },
    { missing: "the query is refused: bad_data: parse error" },
  ],
  ["a page", { status: 502, body: "<html>" }, { missing: expect.stringContaining("answered 502") }],
])("a query on metrics that answers %s", async (_what, answers, expected) => {
  answer = answers;
  expect(
    await reading({ metric: "error-rate", promql: "sum(rate(failed[1m]))", address: `${address}/metrics-api` }),
  ).toEqual(expected);
  const url = new URL(asked!.url!, address);
  expect([url.pathname, url.searchParams.get("query")]).toEqual(["/metrics-api/api/v1/query", "sum(rate(failed[1m]))"]);
});

test("metrics that do not answer, or may not be asked, are not known", async () => {
  answer = "hangs-up";
  expect(await reading({ metric: "alerts", promql: "up", address })).toEqual({
    missing: expect.stringContaining("did not answer"),
  });
  const forbidden = await reading({ metric: "alerts", promql: "up", address: "http://192.168.0.1" });
  expect(forbidden).toEqual({ missing: expect.stringContaining("may be fetched") });
});
