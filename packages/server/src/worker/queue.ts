import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { PgBoss } from "pg-boss";
import type { EventHandler } from "../outbox/handler.ts";
import type { Store } from "../storage/store.ts";
import { isStoreLoss } from "../storage/store-loss.ts";

/** Queue of work that failed for good; listed and sent again by people. */
export const DEAD_LETTERS = "dead-letters";
const SCHEMA = "change_mgmt_jobs";
/** A worker that gives no sign of life for this long is taken for dead. The queue allows no less. */
const HEARTBEAT_SECONDS = 10;
/** A first pause before a statement of the queue is tried again, doubled each time up to the last: some seven seconds in all. */
const AGAIN_AFTER_MS = 250;
const AGAIN_AT_MOST_AFTER_MS = 4000;

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
  try {
    await boss.start();
    await makeQueues(boss, handlers);
    return boss;
  } catch (error) {
    await boss.stop({ graceful: false });
    throw error;
  }
}

async function makeQueues(boss: PgBoss, handlers: readonly EventHandler[]): Promise<void> {
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
}

/** In an embedded store nobody else can be at work: what the dead owner had in hand is runnable at once. */
export async function freeOrphanedJobs(store: Store): Promise<number> {
  const result = await store.pool.query(
    `UPDATE ${SCHEMA}.job SET state = 'retry', start_after = now(), heartbeat_on = NULL WHERE state = 'active'`,
  );
  return result.rowCount ?? 0;
}

/**
 * Gives a job back whose try is not to count: it was claimed while its process is stopping, or the store went away under it. Whoever comes next
 * takes it up, after the pause. As each claim has its number, and the next one has another, nothing the giver still says of it is heard.
 */
export async function handBackJob(
  store: Store,
  { id, retryCount }: { readonly id: string; readonly retryCount: number },
  pauseMs: number,
): Promise<void> {
  await store.pool.query(
    `UPDATE ${SCHEMA}.job SET start_after = now() + $3 * interval '1 millisecond', heartbeat_on = NULL,
       retry_limit = retry_limit + 1, state = 'retry'
     WHERE id = $1 AND retry_count = $2 AND state = 'active'`,
    [id, retryCount, pauseMs],
  );
}

/** What a queue says is in numbers of claims, so that it may be said again; a store that is away for a moment has not to cost a job its end. */
async function runPooled(
  pool: pg.Pool,
  text: string,
  values: unknown[] | undefined,
): Promise<{ rows: Record<string, unknown>[] }> {
  for (let pauseMs = AGAIN_AFTER_MS; ; pauseMs *= 2) {
    try {
      return await runOnce(pool, text, values);
    } catch (error) {
      if (pauseMs > AGAIN_AT_MOST_AFTER_MS || pool.ending || !isStoreLoss(error)) throw error;
    }
    await pause(pauseMs);
  }
}

/** One statement text on a connection of its own, which goes back clean whatever happens. */
async function runOnce(
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
    if (!isStoreLoss(error)) await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}
