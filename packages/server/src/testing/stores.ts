import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backupTables, quoted } from "../storage/backup-tables.ts";
import { openStore, type Store } from "../storage/store.ts";

/** Shared by all tests, so that the template of an embedded database is made once. */
export const TEST_CACHE: string = join(tmpdir(), "change-mgmt-test-cache");

/** Opens what must open; throws with the refusal otherwise. */
export async function openedStore(options: Parameters<typeof openStore>[0]): Promise<Store> {
  const opened = await openStore(options);
  if (!opened.ok) throw new Error(`${opened.refusal.code}: ${opened.refusal.message}`);
  return opened.value;
}

/** A new empty data folder below the system's temporary folder, with the shared cache in it. */
export async function newDataFolder(): Promise<{ dataDir: string; remove(): Promise<void> }> {
  await mkdir(TEST_CACHE, { recursive: true });
  const dataDir = await mkdtemp(join(tmpdir(), "change-mgmt-store-"));
  await symlink(TEST_CACHE, join(dataDir, "cache"));
  return { dataDir, remove: () => rm(dataDir, { recursive: true, force: true }) };
}

/** A new embedded store; `close` also removes its folder. */
export async function newEmbeddedStore(): Promise<Store> {
  const { dataDir, remove } = await newDataFolder();
  const store = await openedStore({ dataDir, owner: "a test" });
  const close = async () => {
    await store.close();
    await remove();
  };
  return { ...store, close };
}

/** Every row of every table that a backup holds, as the text Postgres has for it. */
export async function storedRows(store: Store): Promise<Record<string, string[]>> {
  const client = await store.pool.connect();
  try {
    await client.query("BEGIN; SET LOCAL timezone = 'UTC'");
    const found: Record<string, string[]> = {};
    for (const { name } of await backupTables(client)) {
      const { rows } = await client.query<{ row: string }>(
        `SELECT t::text AS row FROM change_mgmt.${quoted(name)} t ORDER BY t::text COLLATE "C"`,
      );
      found[name] = rows.map(({ row }) => row);
    }
    await client.query("COMMIT");
    return found;
  } finally {
    client.release();
  }
}
