import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startPostgres, type TestPostgres } from "../testing/postgres.ts";
import { watchCrossings } from "./crossing.ts";
import { openStore, type Store } from "./store.ts";
import { crossingOf, WatchedClient } from "./watched-client.ts";

let postgres: TestPostgres;
let store: Store | undefined;
beforeEach(async () => {
  postgres = await startPostgres();
});
afterEach(async () => {
  watchCrossings(undefined);
  await store?.close();
  store = undefined;
  await postgres.stop();
});

async function opened(): Promise<Store> {
  const outcome = await openStore({ databaseUrl: await postgres.newDatabase() });
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  store = outcome.value;
  return store;
}

test.each([
  ["BEGIN", "store.begin"],
  ['select "id" from "change_mgmt"."outbox" as "o"', "store.select.outbox"],
  ["\n  UPDATE change_mgmt_jobs.job SET state = 'retry'", "store.update.job"],
  [{ text: "insert into change_mgmt.leases values (1)", values: [] }, "store.insert.leases"],
  ["SELECT pg_advisory_xact_lock($1)", "store.select"],
  ["(", "store.statement"],
])("%j crosses over at %s", (statement, name) => {
  expect(crossingOf(statement)).toBe(name);
});

test("each statement of a watched store crosses over, before and after, however it is asked", async () => {
  const met: string[] = [];
  watchCrossings((name, side) => void met.push(`${name}:${side}`));
  const { db, pool } = await opened();
  expect(met.slice(0, 2)).toEqual(["store.connect:before", "store.connect:after"]);
  met.length = 0;
  const count = async () => (await pool.query("SELECT count(*)::int AS n FROM change_mgmt.teams")).rows;
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto("teams")
      .values({ id: crypto.randomUUID(), name: "a", title: "A", created_at: new Date() })
      .execute();
  });
  expect(await count()).toEqual([{ n: 1 }]);
  expect(met).toEqual(
    ["store.begin", "store.insert.teams", "store.commit", "store.select.teams"].flatMap((name) => [
      `${name}:before`,
      `${name}:after`,
    ]),
  );
  await expect(pool.query("SELECT nothing")).rejects.toMatchObject({ code: "42703" });
});

test("what a watch throws is the statement's error, and the connection goes on", async () => {
  watchCrossings((name, side) => {
    if (name === "store.select.teams" && side === "after") throw new Error("made to fail");
  });
  const { pool } = await opened();
  await expect(pool.query("SELECT 1 FROM change_mgmt.teams")).rejects.toThrow("made to fail");
  expect((await pool.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
});

test("a store that nobody watches has plain connections", async () => {
  const { pool } = await opened();
  const client = await pool.connect();
  expect(client).toBeInstanceOf(pg.Client);
  expect(client).not.toBeInstanceOf(WatchedClient);
  client.release();
});
