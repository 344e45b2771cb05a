import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startServer, startWorker } from "./main.ts";
import { startPostgres, type TestPostgres, withClient } from "./testing/postgres.ts";
import { newDataFolder, openedStore } from "./testing/stores.ts";

let postgres: TestPostgres;
let databaseUrl: string;
let dataDir: string;
let said: string[];

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  said = [];
  databaseUrl = await postgres.newDatabase();
  await (await openedStore({ databaseUrl })).close();
  const folder = await newDataFolder();
  dataDir = folder.dataDir;
  return () => folder.remove();
});

/** From now on the store has no room for a row of this table. */
async function noRoomIn(table: string): Promise<void> {
  await withClient(databaseUrl, (client) =>
    client.query(`CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE 'no room left' USING ERRCODE = '53100'; END $$;
      CREATE TRIGGER no_room BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION no_room()`),
  );
}

async function connections(): Promise<number> {
  return await withClient(postgres.url, async (client) => {
    const name = decodeURIComponent(new URL(databaseUrl).pathname.slice(1));
    const { rows } = await client.query("SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = $1", [name]);
    return rows[0].n as number;
  });
}

const place = () => ({ dataDir, databaseUrl, env: {}, say: (line: string) => void said.push(line) });
const server = () => startServer({ ...place(), host: "127.0.0.1", port: 0, demo: false });

test.each([
  ["change_mgmt_jobs.queue", server],
  ["change_mgmt_jobs.queue", () => startWorker(place())],
  ["change_mgmt.processes", server],
])("what cannot start for want of room in %s leaves no connection behind", async (table, start) => {
  await noRoomIn(table);
  await expect(start()).rejects.toThrow("no room left");
  await expect.poll(connections).toBe(0);
});

test("a server that cannot seal at its end says so, and ends all the same", async () => {
  await noRoomIn("change_mgmt.audit_seals");
  const started = await server();
  if (!started.ok) throw new Error(started.refusal.message);
  await started.value.close();
  expect(said).toContain("audit sealing: no room left; what is not sealed yet, the next start seals");
  await expect.poll(connections).toBe(0);
});
