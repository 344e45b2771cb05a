import { sql } from "kysely";
import type { JobWithMetadata, PgBoss } from "pg-boss";
import { sealAll } from "../audit/sealer.ts";
import type { SigningKey } from "../audit/signing-key.ts";
import { addToOutbox } from "../outbox/add.ts";
import type { EventHandler } from "../outbox/handler.ts";
import { crossing } from "../storage/crossing.ts";
import { freeAllLeases } from "../storage/leases.ts";
import { makeSearchable } from "../storage/search-record.ts";
import type { Store } from "../storage/store.ts";
import { isStoreLoss } from "../storage/store-loss.ts";
import { freeOrphanedJobs, handBackJob, type JobData, openQueue } from "./queue.ts";
import { relayOutbox } from "./relay.ts";
import { Repeat } from "./repeat.ts";

export interface WorkerOptions {
  readonly store: Store;
  readonly handlers: readonly EventHandler[];
  readonly key: SigningKey;
  readonly say: (line: string) => void;
  /** What comes by time: done again and again, each after its own pause. */
  readonly rounds?: readonly Round[];
}

/** Work that nobody asks for, such as telling of what is due. */
export interface Round {
  readonly name: string;
  readonly pauseMs: number;
  work(): Promise<void>;
}

export interface Worker {
  readonly boss: PgBoss;
  /** Something has just committed in this process: these events, or, where they are not known, some that are wanted. */
  wake(events?: readonly { readonly type: string }[]): void;
  /** Ends in order: nothing new is begun, what runs is told to stop and goes on elsewhere or at the next start. */
  close(): Promise<void>;
}

const RELAY_MS = 500;
/** Between two looks whether a store that went away is back, and before what it interrupted is taken up again. */
const BACK_MS = 500;
const SEAL_MS = 500;
/** A seal costs the same for one entry and for many, and nobody waits for it: whoever exports the trail has it sealed first. */
const SEAL_REST_MS = 250;
const ORPHANS_MS = 2000;
const HOUSEKEEPING_MS = 3_600_000;

/** Starts working in the background: outbox to jobs, jobs to handlers, sealing, orphaned deployments, housekeeping. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { store, handlers, say } = options;
  const boss = await openQueue(store, handlers, true, say);
  try {
    return await workOn(boss, options);
  } catch (error) {
    await boss.stop({ graceful: false });
    throw error;
  }
}

async function workOn(boss: PgBoss, { store, handlers, key, say, rounds = [] }: WorkerOptions): Promise<Worker> {
  if (store.kind === "embedded") {
    const freed = await freeOrphanedJobs(store);
    await freeAllLeases(store.db);
    if (freed > 0)
      say(`took up ${freed} piece${freed === 1 ? "" : "s"} of work that a process before this one had in hand`);
  }
  const stopping = new AbortController();
  const workers = new Map<string, string>();
  const wakeWorker = (queue: string) => {
    const worker = workers.get(queue);
    if (worker !== undefined) boss.notifyWorker(worker);
  };
  for (const handler of handlers) {
    workers.set(
      handler.name,
      await boss.work(
        handler.name,
        {
          pollingIntervalSeconds: 1,
          batchSize: 1,
          localConcurrency: handler.concurrency,
          heartbeatRefreshSeconds: 3,
          includeMetadata: true,
        },
        async ([job]: JobWithMetadata<JobData>[]) => {
          if (!job) return;
          // Claimed in the moment of stopping: nobody would tell its handler to end.
          if (stopping.signal.aborted) return await handBackJob(store, job, 0);
          // A try that was handed back has raised the limit by one.
          const uncounted = Math.max(0, job.retryLimit - handler.retries);
          try {
            await crossing(`job.${handler.name}`, () =>
              handler.handle({
                ...job.data,
                attempt: job.retryCount - uncounted + 1,
                signal: AbortSignal.any([stopping.signal, job.signal]),
              }),
            );
          } catch (error) {
            if (!isStoreLoss(error)) {
              if (!stopping.signal.aborted)
                say(`${handler.name}, try ${job.retryCount - uncounted + 1}: ${(error as Error).message}`);
              throw error;
            }
            say(`${handler.name}: ${(error as Error).message}; it goes on when the store is back`);
            if (!(await handBackWhenBack(store, job, stopping.signal))) throw error;
          } finally {
            // Else the next piece would wait for the next poll, and a long queue would empty by one piece a second.
            if (!stopping.signal.aborted) wakeWorker(handler.name);
          }
        },
      ),
    );
  }
  const wanted = new Set(handlers.flatMap(({ events }) => events));
  const relay = new Repeat(
    "outbox",
    { pauseMs: RELAY_MS },
    async () => {
      const { rows, queues, more } = await crossing("outbox.relay", () => relayOutbox(store, boss, handlers));
      for (const queue of queues) wakeWorker(queue);
      return more ? rows : 0;
    },
    say,
  );
  const sealing = new Repeat(
    "audit sealing",
    { pauseMs: SEAL_MS, restMs: SEAL_REST_MS },
    () => crossing("audit.seal", () => sealAll(store.db, key)).then(() => 0),
    say,
  );
  const orphans = new Repeat(
    "orphaned deployments",
    { pauseMs: ORPHANS_MS },
    () => crossing("deployments.orphaned", () => wakeOrphans(store)).then(() => 0),
    say,
  );
  const housekeeping = new Repeat(
    "housekeeping",
    { pauseMs: HOUSEKEEPING_MS },
    () => keepHouse(store).then(() => 0),
    say,
  );
  const byTime = rounds.map(
    ({ name, pauseMs, work }) =>
      new Repeat(name, { pauseMs }, () => crossing(`round.${name}`, work).then(() => 0), say),
  );
  return {
    boss,
    wake(events) {
      // Those that no handler wants are only marked as sent, in their time.
      if (!events || events.some(({ type }) => wanted.has(type))) relay.wake();
      sealing.wake();
    },
    async close() {
      stopping.abort();
      await Promise.all([relay, orphans, housekeeping, ...byTime].map((repeat) => repeat.stop()));
      try {
        await boss.stop({ graceful: true, timeout: 20_000 });
      } finally {
        await sealing.stop();
      }
      await sealAll(store.db, key).catch((error: Error) =>
        say(`audit sealing: ${error.message}; what is not sealed yet, the next start seals`),
      );
    },
  };
}

/** Hands a job back as soon as the store answers again; false when the process stops before. */
async function handBackWhenBack(
  store: Store,
  job: { readonly id: string; readonly retryCount: number },
  stopping: AbortSignal,
): Promise<boolean> {
  while (!stopping.aborted) {
    try {
      await handBackJob(store, job, BACK_MS);
      return true;
    } catch (error) {
      if (!isStoreLoss(error)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, BACK_MS));
  }
  return false;
}

/**
 * Deployments that should be under way and that nobody has in hand: their worker died, or a sign-off or stop came while it was letting go.
 * Each is announced again at most once every few seconds; whoever comes second finds the lease taken or the work done.
 */
async function wakeOrphans(store: Store): Promise<void> {
  await store.db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ id: string; change_id: string }>`
      SELECT d.id, d.change_id FROM change_mgmt.deployments d
      WHERE (d.state = 'running'
          OR (d.state = 'requested' AND d.requested_at < now() - interval '10 seconds')
          OR (d.state = 'waiting' AND (d.cancelled_by IS NOT NULL OR EXISTS (
               SELECT 1 FROM change_mgmt.deployment_steps s JOIN change_mgmt.sign_offs o
                 ON o.deployment_id = s.deployment_id AND o.step = s.step
               WHERE s.deployment_id = d.id AND s.state = 'waiting'))))
        AND (d.retry_at IS NULL OR d.retry_at < now())
        AND (d.cancelled_by IS NOT NULL OR NOT EXISTS (SELECT 1 FROM change_mgmt.deployment_hold))
        AND NOT EXISTS (SELECT 1 FROM change_mgmt.leases l WHERE l.resource = 'environment:' || d.environment AND l.expires_at > now())
        AND NOT EXISTS (SELECT 1 FROM change_mgmt.outbox o WHERE o.event = 'deployment.orphaned' AND o.change_id = d.change_id
                          AND o.created_at > now() - interval '5 seconds')
      FOR UPDATE OF d SKIP LOCKED`.execute(tx);
    await addToOutbox(
      tx,
      rows.map((row) => ({ type: "deployment.orphaned", changeId: row.change_id, details: { deployment: row.id } })),
    );
  });
}

/** Rows that nobody asks for any more: sent outbox rows and idempotency keys after a week. And search documents an earlier release left out. */
async function keepHouse(store: Store): Promise<void> {
  await sql`DELETE FROM change_mgmt.outbox WHERE sent_at < now() - interval '7 days'`.execute(store.db);
  await sql`DELETE FROM change_mgmt.mails WHERE sent_at < now() - interval '30 days'`.execute(store.db);
  await sql`DELETE FROM change_mgmt.idempotency_keys WHERE created_at < now() - interval '7 days'`.execute(store.db);
  await makeSearchable(store.db);
}
