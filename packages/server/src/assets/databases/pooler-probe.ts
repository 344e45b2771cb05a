import { randomBytes } from "node:crypto";
import type pg from "pg";

/** What gave a transaction-mode pooler away, as a clause, and what to say about its well-known port. */
export interface Pooler {
  readonly evidence: string;
  readonly hint: string;
}

const ROUNDS = 3;
const ANSWER_MS = 3_000;
const SETTING = "change_mgmt.session";

/**
 * Tells whether `client` keeps one server session from one transaction to the next, as a deployment needs.
 * A second connection holds transactions open meanwhile: a pooler in transaction mode must then hand one client the server
 * session of the other, which shows as a foreign backend or a setting that moved. A pooler in session mode passes.
 */
export async function findPooler(client: pg.Client, connect: () => pg.Client, port: number): Promise<Pooler | null> {
  const mark = randomBytes(12).toString("hex");
  await client.query("select pg_catalog.set_config($1, $2, false)", [SETTING, mark]);
  const own = await served(client);
  const evidence = own.mark === mark ? await disturb(client, connect, own, mark) : MOVED;
  return evidence === null ? null : { evidence, hint: portHint(port) };
}

const MOVED = "what is set in one transaction is gone in the next";
const SHARED = "two open connections were served by one and the same server session";
const SILENT = "one connection gets no answer while another one has a transaction open";
const STATEMENT = "it does not let a transaction stay open at all";

interface Served {
  readonly pid: number;
  readonly mark: string | null;
}

async function served(client: pg.Client): Promise<Served> {
  const { rows } = await client.query(
    "select pg_catalog.pg_backend_pid() as pid, pg_catalog.current_setting($1, true) as mark",
    [SETTING],
  );
  return rows[0];
}

async function disturb(client: pg.Client, connect: () => pg.Client, own: Served, mark: string): Promise<string | null> {
  const other = connect();
  other.on("error", () => undefined);
  try {
    try {
      await other.connect();
    } catch {
      // No second connection to be had (a connection limit of one): what one connection alone can show has been seen.
      return null;
    }
    for (let round = 0; round < ROUNDS; round++) {
      const theirs = await within(beginAndLook(other));
      // A pooler in session mode with a single server session lets the second client wait; that is no fault.
      if (theirs === LATE) return null;
      if (theirs === "refused") return STATEMENT;
      if (theirs.pid === own.pid || theirs.mark === mark) return SHARED;
      const mine = await within(served(client));
      if (mine === LATE) return SILENT;
      if (mine.pid !== own.pid || mine.mark !== mark) return MOVED;
      await other.query("rollback");
    }
    return null;
  } finally {
    const { connection } = other as unknown as { connection?: { stream?: { destroy(): void } } };
    connection?.stream?.destroy();
  }
}

async function beginAndLook(client: pg.Client): Promise<Served | "refused"> {
  try {
    await client.query("begin");
  } catch (error) {
    if (/transaction block/i.test(String((error as Error).message))) return "refused";
    throw error;
  }
  return served(client);
}

const LATE = Symbol("late");

async function within<T>(work: Promise<T>): Promise<T | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), ANSWER_MS);
  });
  // When the time is over first, the connection is cut and its rejection has nobody left to tell.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function portHint(port: number): string {
  if (port === 6543)
    return " 6543 is where hosted databases usually offer a transaction pooler; their session pooler listens on 5432.";
  if (port === 6432) return " 6432 is PgBouncer's usual port; the database itself usually listens on 5432.";
  return "";
}
