import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort, startPostgres, type TestPostgres, withClient } from "../testing/postgres.ts";
import { openedStore } from "../testing/stores.ts";
import type { Store } from "./store.ts";
import { isStoreLoss } from "./store-loss.ts";

let postgres: TestPostgres;
let databaseUrl: string;
let store: Store;

beforeAll(async () => {
  postgres = await startPostgres();
  databaseUrl = await postgres.newDatabase();
  store = await openedStore({ databaseUrl });
});
afterAll(async () => {
  await store?.close();
  await postgres?.stop();
});

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

const killAll = () =>
  withClient(postgres.url, (client) =>
    client.query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1", [
      new URL(databaseUrl).pathname.slice(1),
    ]),
  );

test("a session that is ended, in the middle or before COMMIT, is a loss; the next one works", async () => {
  const asleep = errorOf(sql`SELECT pg_sleep(600)`.execute(store.db));
  const sleeping = () =>
    withClient(
      postgres.url,
      async (client) => (await client.query("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")).rowCount,
    );
  await expect.poll(sleeping).toBe(1);
  await killAll();
  expect(isStoreLoss(await asleep)).toBe(true);
  const cut = errorOf(
    store.db.transaction().execute(async (tx) => {
      await sql`SELECT 1`.execute(tx);
      await killAll();
    }),
  );
  expect(isStoreLoss(await cut)).toBe(true);
  expect((await sql`SELECT 1 AS one`.execute(store.db)).rows).toEqual([{ one: 1 }]);
});

test("a server that is not there, or lets nobody in, is a loss", async () => {
  const nobody = Object.assign(new URL(databaseUrl), { port: String(await freePort()) }).href;
  expect(isStoreLoss(await errorOf(withClient(nobody, async () => {})))).toBe(true);
  await withClient(databaseUrl, (client) => client.query("CREATE ROLE crowd LOGIN PASSWORD 'x' CONNECTION LIMIT 0"));
  const full = Object.assign(new URL(databaseUrl), { username: "crowd", password: "x" }).href;
  expect(isStoreLoss(await errorOf(withClient(full, async () => {})))).toBe(true);
  await withClient(databaseUrl, (client) => client.query("DROP ROLE crowd"));
});

test("a statement that is wrong, and a bug, are none", async () => {
  expect(isStoreLoss(await errorOf(sql`SELECT nothing`.execute(store.db)))).toBe(false);
  expect(isStoreLoss(new TypeError("undefined is not a function"))).toBe(false);
  expect(isStoreLoss(undefined)).toBe(false);
});
