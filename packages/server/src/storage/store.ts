import { join } from "node:path";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { Kysely, PostgresDialect, sql, type Transaction } from "kysely";
import pg from "pg";
import { openEmbedded } from "./embedded.ts";
import { type FileLock, lockFile } from "./lock-file.ts";
import { migrate } from "./migrate.ts";
import type { Tables } from "./tables.ts";

export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

/** Where the product remembers: one code path for an embedded directory and for a Postgres server. */
export interface Store {
  readonly kind: "embedded" | "postgres";
  /** All queries of an embedded store share one connection: never use `db` while a transaction of the same task is open. */
  readonly db: Db;
  readonly pool: pg.Pool;
  readonly serverVersion: string;
  /** True when a dead owner of the embedded directory was replaced: what it had in hand is nobody's now. */
  readonly takenOver: boolean;
  close(): Promise<void>;
}

export type StoreOptions =
  | { readonly databaseUrl: string; readonly say?: (line: string) => void }
  | { readonly dataDir: string; readonly owner: string; readonly say?: (line: string) => void };

/** Opens the store and brings its schema up to date. Refusals: STORE_IN_USE, STORE_UNAVAILABLE, STORE_NEWER. */
export async function openStore(options: StoreOptions): Promise<Outcome<Store>> {
  const say = options.say ?? (() => {});
  let lock: FileLock | undefined;
  let closeEmbedded: (() => Promise<void>) | undefined;
  let pool: pg.Pool;
  if ("databaseUrl" in options) {
    pool = new pg.Pool({ connectionString: options.databaseUrl, max: 10, application_name: "change-mgmt" });
  } else {
    const locked = lockFile(join(options.dataDir, "store.lock"), options.owner, new Date());
    if (!locked.ok) return locked;
    lock = locked.value;
    try {
      const embedded = await openEmbedded(join(options.dataDir, "store"), join(options.dataDir, "cache"), say);
      closeEmbedded = embedded.close;
      // One session: the pool queues whoever comes while a transaction is open.
      pool = new pg.Pool({ ...(embedded.config as pg.PoolConfig), max: 1 });
    } catch (error) {
      lock.release();
      throw error;
    }
  }
  // A broken idle connection is replaced by the pool at the next query, which reports what it meets.
  pool.on("error", (error) => say(`a connection to the store was lost: ${error.message}`));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }).withSchema("change_mgmt");
  const close = async () => {
    await db.destroy();
    await closeEmbedded?.();
    lock?.release();
  };
  try {
    const version = await sql<{ server_version: string }>`SHOW server_version`.execute(db);
    const migrated = await migrate(pool, say);
    if (!migrated.ok) {
      await close();
      return migrated;
    }
    return accept({
      kind: "databaseUrl" in options ? "postgres" : "embedded",
      db,
      pool,
      serverVersion: version.rows[0]?.server_version ?? "",
      takenOver: lock?.takenOver ?? false,
      close,
    });
  } catch (error) {
    await close();
    const { code, message } = error as { code?: string; message: string };
    if (!("databaseUrl" in options) || !isConnectionProblem(code)) throw error;
    return refuse(
      "STORE_UNAVAILABLE",
      `The database of DATABASE_URL cannot be used: ${message}`,
      "Check that the server runs, and the address, user and password in DATABASE_URL.",
    );
  }
}

/** Whether an error code says that the database could not be reached or refused the login. */
export function isConnectionProblem(code: string | undefined): boolean {
  return code !== undefined && /^(E[A-Z_]+|08...|28...|3D000|57P0[123]|53300)$/.test(code);
}
