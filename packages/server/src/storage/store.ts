import { join } from "node:path";
import { accept, type Outcome, type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { Kysely, PostgresDialect, sql, type Transaction } from "kysely";
import pg from "pg";
import { crossingsAreWatched } from "./crossing.ts";
import { openEmbedded } from "./embedded.ts";
import { type FileLock, lockFile } from "./lock-file.ts";
import { migrate } from "./migrate.ts";
import { PipelinedClient } from "./pipelined-client.ts";
import { makeSearchable } from "./search-record.ts";
import { isStoreLoss } from "./store-loss.ts";
import type { Tables } from "./tables.ts";
import { WatchedClient } from "./watched-client.ts";

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

const CONNECT_MS = 10_000;

/** Opens the store and brings its schema up to date. Refusals: STORE_IN_USE, STORE_UNAVAILABLE, STORE_NEWER, STORE_ALTERED. */
export async function openStore(options: StoreOptions): Promise<Outcome<Store>> {
  const say = options.say ?? (() => {});
  let lock: FileLock | undefined;
  let closeEmbedded: (() => Promise<void>) | undefined;
  let pool: pg.Pool;
  const connections = { Client: crossingsAreWatched() ? WatchedClient : PipelinedClient };
  if ("databaseUrl" in options) {
    const reached = await tryConnection(options.databaseUrl);
    if (!reached.ok) return reached;
    pool = new pg.Pool({
      connectionString: options.databaseUrl,
      max: 10,
      application_name: "change-mgmt",
      ...connections,
    });
  } else {
    const locked = lockFile(join(options.dataDir, "store.lock"), options.owner, new Date());
    if (!locked.ok) return locked;
    lock = locked.value;
    try {
      const embedded = await openEmbedded(join(options.dataDir, "store"), join(options.dataDir, "cache"), say);
      closeEmbedded = embedded.close;
      // One session: the pool queues whoever comes while a transaction is open.
      pool = new pg.Pool({ ...(embedded.config as pg.PoolConfig), max: 1, ...connections });
    } catch (error) {
      lock.release();
      throw error;
    }
  }
  // A broken connection is replaced by the pool; who has it in hand meets the error in the next query. Without a listener on each
  // connection, one that is lost between two queries of a transaction would end the process.
  pool.on("connect", (client) =>
    client.on("error", (error) => say(`a connection to the store was lost: ${error.message}`)),
  );
  pool.on("error", () => undefined);
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
    await makeSearchable(db);
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
    const known = isConnectionProblem(code) || cannotWrite(code) || isOutOfResources(code) || isStoreLoss(error);
    if (!("databaseUrl" in options) || !known) throw error;
    return unavailable(options.databaseUrl, message);
  }
}

/** Whether the address leads to a Postgres that lets us in, within ten seconds; whatever goes wrong on the way is the address's fault. */
async function tryConnection(databaseUrl: string): Promise<Outcome<void>> {
  try {
    const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_MS });
    client.on("error", () => undefined);
    try {
      await client.connect();
    } finally {
      // Also where the login is given up on our side, for want of a password or of TLS: the server would wait a minute for the rest of it.
      await client.end();
    }
    return accept(undefined);
  } catch (error) {
    const { message, code, errors } = error as Error & { code?: string; errors?: Error[] };
    // Where a name has several addresses, each has an error of its own and the whole has no message.
    return unavailable(databaseUrl, message || errors?.map((one) => one.message).join("; ") || code || "no answer");
  }
}

function unavailable(databaseUrl: string, problem: string): Refused {
  return refuse(
    "STORE_UNAVAILABLE",
    // The address holds the password.
    `The database of DATABASE_URL cannot be used: ${databaseUrl === "" ? problem : problem.replaceAll(databaseUrl, "***")}`,
    "Check that the server runs, and the address, user and password in DATABASE_URL; the user must be allowed to create schemas.",
  );
}

/** Whether an error code says that the user may not write, or that the server is a standby. */
function cannotWrite(code: string | undefined): boolean {
  return code === "42501" || code === "25006";
}

/** Whether an error code says that the server has no room, memory or connection left. */
function isOutOfResources(code: string | undefined): boolean {
  return code?.startsWith("53") === true;
}

/** Whether an error code says that the database could not be reached or refused the login. */
export function isConnectionProblem(code: string | undefined): boolean {
  return code !== undefined && /^(E[A-Z_]+|08...|28...|3D000|57P0[123]|53300)$/.test(code);
}
