import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBreakingProxy } from "../testing/breaking-proxy.ts";
import { startPostgres, type TestPostgres, withClient } from "../testing/postgres.ts";
import { newDataFolder, openedStore } from "../testing/stores.ts";
import { ownMigrations } from "./migrate.ts";
import { openStore } from "./store.ts";

let postgres: TestPostgres;
const cleaning: (() => unknown)[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(async () => {
  for (const clean of cleaning.toReversed()) await clean();
  await postgres.stop();
});

async function newFolder(): Promise<string> {
  const { dataDir, remove } = await newDataFolder();
  cleaning.push(remove);
  return dataDir;
}

/** A process that opens an embedded store, puts a row into it, says so, and keeps it open until it is killed. */
async function ownerProcess(dataDir: string, owner: string): Promise<ChildProcess> {
  const script = `
    import { openStore } from ${JSON.stringify(fileURLToPath(new URL("./store.ts", import.meta.url)))};
    const opened = await openStore(${JSON.stringify({ dataDir, owner })});
    if (!opened.ok) throw new Error(opened.refusal.message);
    await opened.value.pool.query("INSERT INTO change_mgmt.audit_keys (key_id, public_key) VALUES ('of-the-child', 'x')");
    console.log("open");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  cleaning.push(() => child.kill("SIGKILL"));
  const [said] = await once(child.stdout!, "data");
  expect(String(said)).toBe("open\n");
  return child;
}

describe("an embedded store", () => {
  test("has one owner: a second process is refused with the first one's name, and takes over when that is killed", async () => {
    const dataDir = await newFolder();
    const child = await ownerProcess(dataDir, "the server on port 7070");
    const refused = await openStore({ dataDir, owner: "me" });
    expect(refused).toMatchObject({
      ok: false,
      refusal: { code: "STORE_IN_USE", details: { pid: child.pid, name: "the server on port 7070" } },
    });
    if (!refused.ok) expect(refused.refusal.message).toContain(`the server on port 7070 (process ${child.pid}`);

    child.kill("SIGKILL");
    await once(child, "exit");
    const store = await openedStore({ dataDir, owner: "me" });
    expect(store.takenOver).toBe(true);
    expect(await store.db.selectFrom("audit_keys").select("key_id").execute()).toEqual([{ key_id: "of-the-child" }]);
    expect(await openStore({ dataDir, owner: "me again" })).toMatchObject({ refusal: { code: "STORE_IN_USE" } });
    await store.close();
  });

  test("is given back when it is closed, and remembers", async () => {
    const dataDir = await newFolder();
    const first = await openedStore({ dataDir, owner: "first" });
    expect(first.takenOver).toBe(false);
    expect(first.kind).toBe("embedded");
    await first.db.insertInto("audit_keys").values({ key_id: "k", public_key: "x" }).execute();
    await first.close();
    expect(readdirSync(dataDir).sort()).toEqual(["cache", "store"]);
    const second = await openedStore({ dataDir, owner: "second" });
    expect(second.takenOver).toBe(false);
    expect(await second.db.selectFrom("audit_keys").select("key_id").execute()).toEqual([{ key_id: "k" }]);
    await second.close();
  });

  test("that was left half made by a killed process is made afresh", async () => {
    const dataDir = await newFolder();
    mkdirSync(join(dataDir, "store"));
    writeFileSync(join(dataDir, "store", "PG_VERSION"), "18\n");
    writeFileSync(join(dataDir, "store.unfinished"), "");
    const store = await openedStore({ dataDir, owner: "me" });
    await store.close();
    expect(readdirSync(dataDir).sort()).toEqual(["cache", "store"]);
  });

  test("waits with a query while a transaction is open, and answers it afterwards", async () => {
    const dataDir = await newFolder();
    const store = await openedStore({ dataDir, owner: "me" });
    const order: string[] = [];
    const inside = store.db.transaction().execute(async (tx) => {
      await tx.insertInto("audit_keys").values({ key_id: "k", public_key: "x" }).execute();
      await sql`SELECT 1`.execute(tx);
      order.push("transaction");
    });
    const outside = store.db
      .selectFrom("audit_keys")
      .select("key_id")
      .execute()
      .then((rows) => order.push(`query sees ${rows.length}`));
    await Promise.all([inside, outside]);
    expect(order).toEqual(["transaction", "query sees 1"]);
    await store.close();
  });
});

describe("migrations of the store", () => {
  test("are applied once, however many processes start at once", async () => {
    const databaseUrl = await postgres.newDatabase();
    const said: string[] = [];
    const stores = await Promise.all(
      Array.from({ length: 5 }, () => openedStore({ databaseUrl, say: (line) => said.push(line) })),
    );
    const applied = await stores[4]!.pool.query("SELECT name FROM change_mgmt.schema_migrations ORDER BY number");
    const names = ownMigrations().map(({ name }) => name);
    expect(applied.rows.map(({ name }) => name)).toEqual(names);
    expect(said.filter((line) => line.includes("up to date")).length).toBe(names.length);
    await Promise.all(stores.map((store) => store.close()));
  });

  test("that a later version applied: STORE_NEWER, and nothing is touched", async () => {
    const databaseUrl = await postgres.newDatabase();
    await (await openedStore({ databaseUrl })).close();
    await withClient(databaseUrl, (client) =>
      client.query(
        "INSERT INTO change_mgmt.schema_migrations (number, name, hash) VALUES (9999, '9999_future.sql', 'h')",
      ),
    );
    expect(await openStore({ databaseUrl })).toMatchObject({
      ok: false,
      refusal: { code: "STORE_NEWER", message: expect.stringContaining("9999_future.sql") },
    });
  });

  test("that were applied with another content: STORE_ALTERED, on both kinds, and an embedded store is given back", async () => {
    const databaseUrl = await postgres.newDatabase();
    const dataDir = await newFolder();
    for (const options of [{ databaseUrl }, { dataDir, owner: "me" }]) {
      const store = await openedStore(options);
      await store.pool.query("UPDATE change_mgmt.schema_migrations SET hash = 'other' WHERE number = 1");
      await store.close();
      expect(await openStore(options)).toMatchObject({
        ok: false,
        refusal: { code: "STORE_ALTERED", message: expect.stringContaining("0001_foundation.sql") },
      });
    }
    expect(readdirSync(dataDir).sort()).toEqual(["cache", "store"]);
  });

  test("that fail leave nothing behind", async () => {
    const databaseUrl = await postgres.newDatabase();
    // Something is in the way of the second migration.
    await withClient(databaseUrl, (client) =>
      client.query("CREATE SCHEMA change_mgmt_jobs; CREATE TABLE change_mgmt_jobs.queue (x int)"),
    );
    await expect(openStore({ databaseUrl })).rejects.toThrow(/already exists/);
    await withClient(databaseUrl, async (client) => {
      expect((await client.query("SELECT number FROM change_mgmt.schema_migrations")).rows).toEqual([{ number: 1 }]);
      expect((await client.query("SELECT to_regtype('change_mgmt_jobs.job_state') AS type")).rows).toEqual([
        { type: null },
      ]);
      await client.query("DROP SCHEMA change_mgmt_jobs CASCADE");
    });
    await (await openedStore({ databaseUrl })).close();
  });

  test("are numbered 1, 2, 3 … and their files are what is applied", () => {
    const migrations = ownMigrations();
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, n) => n + 1));
    const first = readFileSync(new URL("./migrations/0001_foundation.sql", import.meta.url), "utf8");
    expect(migrations[0]!.text).toBe(first);
    const files = readdirSync(new URL("./migrations/", import.meta.url));
    expect(files.sort()).toEqual(migrations.map(({ name }) => name));
  });
});

describe("an address that leads to no usable Postgres: STORE_UNAVAILABLE, without the password", () => {
  const SECRET = "s3cret-pass";
  let notPostgres: Server;

  beforeAll(async () => {
    // Answers what no Postgres says, and hangs up.
    notPostgres = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await new Promise<void>((resolve) => notPostgres.listen(0, "127.0.0.1", resolve));
  });

  afterAll(() => void notPostgres.close());

  function address(
    parts: Partial<Record<"username" | "password" | "hostname" | "port" | "pathname" | "search", string>>,
  ) {
    const url = new URL(postgres.url);
    url.password = SECRET;
    return Object.assign(url, parts).toString();
  }

  const rightPassword = () => new URL(postgres.url).password;

  test.each<[string, () => string]>([
    ["wrong password", () => address({})],
    ["no password", () => address({ password: "" })],
    ["unknown user", () => address({ username: "nobody" })],
    ["unknown database", () => address({ password: rightPassword(), pathname: "/no-such-database" })],
    ["nobody listens", () => address({ port: "1" })],
    ["nobody listens on a name with two addresses", () => `postgres://me:${SECRET}@localhost:1/db`],
    ["unknown host", () => address({ hostname: "no-such-host.invalid" })],
    ["no Postgres", () => address({ port: String((notPostgres.address() as { port: number }).port) })],
    ["no address", () => `not an address ${SECRET}`],
    ["a password with signs that an address does not take", () => `postgres://me:${SECRET}%zz/@127.0.0.1:1/db`],
    ["TLS that the server does not have", () => address({ search: "?sslmode=verify-full" })],
  ])("%s", async (_, databaseUrl) => {
    const outcome = await openStore({ databaseUrl: databaseUrl() });
    expect(outcome).toMatchObject({ ok: false, refusal: { code: "STORE_UNAVAILABLE" } });
    const said = JSON.stringify(outcome);
    expect(said).not.toContain(SECRET);
    expect(said).not.toContain(rightPassword());
    if (!outcome.ok) expect(outcome.refusal.message).toMatch(/cannot be used: .{3}/);
  });

  test.each([
    ["no password", { password: "" }],
    ["TLS that the server does not have", { search: "?sslmode=verify-full" }],
  ])("a login that is given up on our side leaves no connection behind: %s", async (_, parts) => {
    const proxy = await startBreakingProxy(postgres.url);
    const databaseUrl = Object.assign(new URL(proxy.url), parts).toString();
    expect(await openStore({ databaseUrl })).toMatchObject({ refusal: { code: "STORE_UNAVAILABLE" } });
    await expect.poll(() => proxy.connections()).toBe(0);
    await proxy.stop();
  });

  test("a user who may not create a schema", async () => {
    const url = new URL(await postgres.newDatabase());
    const role = `reader_${url.pathname.slice(1)}`;
    await withClient(url.toString(), (client) => client.query(`CREATE ROLE ${role} LOGIN PASSWORD '${SECRET}'`));
    cleaning.push(() => withClient(postgres.url, (client) => client.query(`DROP ROLE ${role}`)));
    url.username = role;
    url.password = SECRET;
    const outcome = await openStore({ databaseUrl: url.toString() });
    expect(outcome).toMatchObject({
      ok: false,
      refusal: { code: "STORE_UNAVAILABLE", message: expect.stringContaining("permission denied") },
    });
  });
});

test("a connection that is lost while the schema is brought up to date is refused as a store that cannot be used", async () => {
  const proxy = await startBreakingProxy(await postgres.newDatabase());
  proxy.breakAt("SELECT number, name, hash", "before");
  expect(await openStore({ databaseUrl: proxy.url })).toMatchObject({
    ok: false,
    refusal: { code: "STORE_UNAVAILABLE", message: expect.stringContaining("Connection terminated") },
  });
  await openedStore({ databaseUrl: proxy.url }).then((store) => store.close());
  await proxy.stop();
});

test("a connection that is lost in the middle of a transaction fails that transaction and nothing else", async () => {
  const said: string[] = [];
  const store = await openedStore({ databaseUrl: await postgres.newDatabase(), say: (line) => said.push(line) });
  said.length = 0;
  const lost = store.db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(tx);
    await withClient(postgres.url, (client) => client.query("SELECT pg_terminate_backend($1)", [rows[0]!.pid]));
    // The loss arrives while no query is under way.
    await expect.poll(() => said.length).toBeGreaterThan(0);
    await sql`SELECT 1`.execute(tx);
  });
  await expect(lost).rejects.toThrow();
  expect(said[0]).toContain("connection to the store was lost");
  expect(await store.db.selectFrom("users").select("handle").execute()).toEqual([]);
  await store.close();
});
