import { setTimeout as wait } from "node:timers/promises";
import { accept, type Outcome, type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";
import pg from "pg";
import { explainConnectFailure } from "./connect-failure.ts";
import { isConnectionLoss, ofTarget, sessionError, sqlStateIn } from "./connection-loss.ts";
import { findPooler } from "./pooler-probe.ts";
import type { Address } from "./reference.ts";
import type { TargetSession } from "./target.ts";

const CONNECT_MS = 10_000;
const INTERRUPT_MS = 5_000;
const INTERRUPT_AGAIN_MS = 100;
const END_MS = 2_000;

/**
 * Opens a session on a Postgres server. Refuses with TARGET_UNREACHABLE, TARGET_LOGIN_REFUSED, TARGET_IS_STORE, TARGET_POOLED
 * and TARGET_READ_ONLY; no refusal contains the address's password.
 */
export async function openPostgres(address: Address, environment: string): Promise<Outcome<TargetSession>> {
  const connected = await connectPostgres(address, `database of environment "${environment}"`);
  if (!connected.ok) return connected;
  const unfit = await connected.value.findUnfit();
  if (unfit === null) return connected;
  await connected.value.close();
  return unfit;
}

/** A session that is connected, and whose fitness for a deployment is asked for apart. */
export interface ConnectedSession extends TargetSession {
  /** The refusal for a connection that is there but must not be deployed through (TARGET_IS_STORE, TARGET_POOLED, TARGET_READ_ONLY), or null. */
  findUnfit(): Promise<Refused | null>;
}

/**
 * Connects to a Postgres server; `database` is what sentences call it after "the". Refuses with TARGET_UNREACHABLE and TARGET_LOGIN_REFUSED;
 * no refusal contains the address's password.
 */
export async function connectPostgres(address: Address, database: string): Promise<Outcome<ConnectedSession>> {
  const session = new PostgresSession(address, database);
  const connected = await session.reopen();
  return connected.ok ? accept(session) : connected;
}

class PostgresSession implements ConnectedSession {
  readonly kind = "postgres";
  serverVersion = "";
  usable = false;
  readonly #address: Address;
  readonly #database: string;
  #client: pg.Client | null = null;
  #backend = 0;
  /** Settles with the statement that is running, never rejects; null when none is. */
  #running: Promise<unknown> | null = null;

  constructor(address: Address, database: string) {
    this.#address = address;
    this.#database = database;
  }

  async reopen(): Promise<Outcome<true>> {
    await this.close();
    const client = newClient(this.#address);
    // pg reports a lost idle connection as an event; without a listener it would end the process.
    client.on("error", () => {
      if (this.#client === client) this.usable = false;
    });
    client.on("end", () => {
      if (this.#client === client) this.usable = false;
    });
    try {
      await client.connect();
      const { rows } = await client.query(
        "select pg_catalog.pg_backend_pid() as pid, pg_catalog.current_setting('server_version') as version",
      );
      this.#backend = rows[0].pid;
      this.serverVersion = String(rows[0].version).split(" ")[0]!;
    } catch (error) {
      await endClient(client);
      return explainConnectFailure(error, this.#address, this.#database);
    }
    this.#client = client;
    this.usable = true;
    return accept(true);
  }

  async findUnfit(): Promise<Refused | null> {
    const client = this.#client!;
    try {
      // By what is in it and not by its address, which may be written in many ways; the catalog is open to every login.
      const store = await client.query(
        "select 1 from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname = 'change_mgmt' and c.relname = 'audit_trail'",
      );
      if (store.rows.length > 0) {
        return refuse(
          "TARGET_IS_STORE",
          `The ${this.#database} holds the state of change-mgmt itself: changes, votes and the audit trail.`,
          "Choose another database: whoever may deploy there could rewrite what was approved.",
        );
      }
      const pooled = await findPooler(client, () => newClient(this.#address), this.#address.port);
      if (pooled) {
        return refuse(
          "TARGET_POOLED",
          `Between change-mgmt and the ${this.#database} stands a pooler in transaction mode: ${pooled.evidence}.`,
          `Give the address of the database itself or of a pooler in session mode.${pooled.hint}`,
        );
      }
      const { rows } = await client.query(
        "select pg_catalog.pg_is_in_recovery() as standby, pg_catalog.current_setting('transaction_read_only') = 'on' as read_only",
      );
      if (!rows[0].standby && !rows[0].read_only) return null;
      return refuse(
        "TARGET_READ_ONLY",
        rows[0].standby
          ? `The ${this.#database} is a standby that follows another server and takes no writes.`
          : `The ${this.#database} opens its transactions read-only for this login.`,
        rows[0].standby
          ? "Give the address of the primary server."
          : "Set default_transaction_read_only to off for this role and database, or use another login.",
      );
    } catch (error) {
      return explainConnectFailure(error, this.#address, this.#database);
    }
  }

  async query(text: string, values?: readonly unknown[]) {
    const client = this.#client;
    if (client === null || !this.usable) throw sessionError("08003", "The connection to the target is not open.");
    const asked = client.query(text, values as unknown[] | undefined);
    const running = asked.then(
      () => undefined,
      () => undefined,
    );
    this.#running = running;
    try {
      const answer = await asked;
      const last = Array.isArray(answer) ? (answer.at(-1) as pg.QueryResult) : answer;
      return { rows: last.rows ?? [], rowCount: last.rowCount ?? 0 };
    } catch (error) {
      if (sqlStateIn(error) === undefined || (error as { severity?: string }).severity === undefined) {
        // No SQLSTATE from the server: the socket failed under the statement.
        this.usable = false;
        throw sessionError("08006", "The connection to the target broke.", error);
      }
      if (isConnectionLoss(ofTarget(error))) this.usable = false;
      throw error;
    } finally {
      if (this.#running === running) this.#running = null;
    }
  }

  async interrupt(): Promise<void> {
    const client = this.#client;
    const running = this.#running;
    if (client === null || running === null) return;
    const helper = newClient(this.#address);
    helper.on("error", () => undefined);
    let over = false;
    running.then(() => {
      over = true;
    });
    let late = false;
    const limit = setTimeout(() => {
      late = true;
    }, INTERRUPT_MS);
    // Nothing comes through any more, here or there.
    const last = setTimeout(() => [helper, client].forEach(cut), INTERRUPT_MS + END_MS);
    try {
      await helper.connect();
      // A cancel that arrives before the statement has begun has no effect, so it is sent until the statement is over.
      while (!over && !late) {
        await helper.query("select pg_catalog.pg_cancel_backend($1)", [this.#backend]);
        await Promise.race([running, wait(INTERRUPT_AGAIN_MS)]);
      }
      // A function may catch that it is to be cancelled; that its session ends it cannot.
      if (!over) await helper.query("select pg_catalog.pg_terminate_backend($1)", [this.#backend]);
      await running;
    } catch {
      // The server lets nobody in any more: cutting the own connection is what is left to end the statement.
      cut(client);
    } finally {
      clearTimeout(limit);
      clearTimeout(last);
      await endClient(helper);
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    this.usable = false;
    if (client) await endClient(client);
  }
}

function newClient(address: Address): pg.Client {
  return new pg.Client({ connectionString: address.url, connectionTimeoutMillis: CONNECT_MS, keepAlive: true });
}

/** Ends a client whatever state it is in; the server may already be gone, which is what was wanted. */
async function endClient(client: pg.Client): Promise<void> {
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    limit = setTimeout(resolve, END_MS);
  });
  await Promise.race([client.end().catch(() => undefined), late]);
  clearTimeout(limit);
  cut(client);
}

function cut(client: pg.Client): void {
  const { connection } = client as unknown as { connection?: { stream?: { destroy(): void } } };
  connection?.stream?.destroy();
}
