import type pg from "pg";
import { PgBoss } from "pg-boss";
import type { EventHandler } from "../outbox/handler.ts";
import type { Store } from "../storage/store.ts";

/** Queue of work that failed for good; listed and sent again by people. */
export const DEAD_LETTERS = "dead-letters";
const SCHEMA = "change_mgmt_jobs";
/** A worker that gives no sign of life for this long is taken for dead. The queue allows no less. */
const HEARTBEAT_SECONDS = 10;

export interface JobData {
  readonly key: string;
  readonly event: string;
  readonly changeId: string | null;
  readonly details: Record<string, unknown>;
}

/** Opens the job queue on the store's own tables, with one queue a handler. `working` false only sends and looks. */
export async function openQueue(
  store: Store,
  handlers: readonly EventHandler[],
  working: boolean,
  say: (line: string) => void,
): Promise<PgBoss> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => runPooled(store.pool, text, values) },
    schema: SCHEMA,
    backend: store.kind === "embedded" ? "pglite" : "postgres",
    migrate: false,
    createSchema: false,
    schedule: false,
    supervise: working,
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 2,
    maintenanceIntervalSeconds: 3600,
  });
  boss.on("error", (error) => say(`job queue: ${error.message}`));
  await boss.start();
  await boss.createQueue(DEAD_LETTERS, { retentionSeconds: 365 * 86_400 });
  for (const handler of handlers) {
    await boss.createQueue(handler.name, {
      retryLimit: handler.retries,
      retryDelay: handler.retryDelaySeconds,
      retryBackoff: true,
      retryDelayMax: 300,
      expireInSeconds: 86_400,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      deadLetter: DEAD_LETTERS,
    });
  }
  return boss;
}

/** In an embedded store nobody else can be at work: what the dead owner had in hand is runnable at once. */
export async function freeOrphanedJobs(store: Store): Promise<number> {
  const result = await store.pool.query(
    `UPDATE ${SCHEMA}.job SET state = 'retry', start_after = now(), heartbeat_on = NULL WHERE state = 'active'`,
  );
  return result.rowCount ?? 0;
}

/** Gives a job back that was claimed while its process is stopping: it counts as never begun, and whoever comes next takes it up. */
export async function handBackJob(store: Store, id: string): Promise<void> {
  await store.pool.query(
    `UPDATE ${SCHEMA}.job SET start_after = now(), started_on = NULL, heartbeat_on = NULL,
       state = CASE WHEN retry_count > 0 THEN 'retry' ELSE 'created' END::${SCHEMA}.job_state
     WHERE id = $1 AND state = 'active'`,
    [id],
  );
}

/** One statement text on a connection of its own, which goes back clean whatever happens. */
async function runPooled(
  pool: pg.Pool,
  text: string,
  values: unknown[] | undefined,
): Promise<{ rows: Record<string, unknown>[] }> {
  const client = await pool.connect();
  try {
    const result: unknown = await client.query(text, values);
    // Several statements in one text answer with one result each; the rows may be in any of them.
    return { rows: (Array.isArray(result) ? result : [result]).flatMap((one: pg.QueryResult) => one.rows ?? []) };
  } catch (error) {
    // A text may open a transaction of its own; the next user of the connection must not find it broken.
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}
