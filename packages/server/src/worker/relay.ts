import { fromKysely, type PgBoss } from "pg-boss";
import type { EventHandler } from "../outbox/handler.ts";
import { crossing } from "../storage/crossing.ts";
import type { Store } from "../storage/store.ts";

const BATCH = 100;

export interface Relayed {
  readonly rows: number;
  /** Queues that have got work by it. */
  readonly queues: readonly string[];
  /** Whether there may be more rows than one go takes. */
  readonly more: boolean;
}

/**
 * Hands committed outbox rows over to the queues of the handlers that want them: the jobs and the mark "sent" commit together, so each is
 * handed over once. Several processes share the rows without waiting for each other.
 */
export async function relayOutbox(store: Store, boss: PgBoss, handlers: readonly EventHandler[]): Promise<Relayed> {
  return await store.db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom("outbox")
      .selectAll()
      .where("sent_at", "is", null)
      .orderBy("id")
      .limit(BATCH)
      .forUpdate()
      .skipLocked()
      .execute();
    const queues: string[] = [];
    if (rows.length === 0) return { rows: 0, queues, more: false };
    for (const handler of handlers) {
      const wanted = rows.filter((row) => handler.events.includes(row.event));
      if (wanted.length === 0) continue;
      queues.push(handler.name);
      await crossing("outbox.jobs", () =>
        boss.insert(
          handler.name,
          wanted.map((row) => ({
            data: { key: row.id, event: row.event, changeId: row.change_id, details: row.payload },
          })),
          { db: fromKysely(tx as never) },
        ),
      );
    }
    await crossing("outbox.sent", () =>
      tx
        .updateTable("outbox")
        .set({ sent_at: new Date() })
        .where(
          "id",
          "in",
          rows.map((row) => row.id),
        )
        .execute(),
    );
    return { rows: rows.length, queues, more: rows.length === BATCH };
  });
}
