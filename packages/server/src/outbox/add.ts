import type { CompiledQuery } from "kysely";
import { crossing } from "../storage/crossing.ts";
import { newId } from "../storage/ids.ts";
import { json } from "../storage/json.ts";
import type { Tx } from "../storage/store.ts";

/** Something that happened, for whoever works on it in the background. */
export interface OutboxEvent {
  readonly type: string;
  readonly changeId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Puts events into the outbox; they are worked on when, and only when, this transaction commits. */
export async function addToOutbox(tx: Tx, events: readonly OutboxEvent[]): Promise<void> {
  for (const rows of outboxRows(tx, events)) await crossing("outbox.add", () => tx.executeQuery(rows));
}

/** The statement that puts events into the outbox, where there are any. */
export function outboxRows(tx: Tx, events: readonly OutboxEvent[]): CompiledQuery<unknown>[] {
  if (events.length === 0) return [];
  const rows = tx.insertInto("outbox").values(
    events.map((event) => ({
      id: newId(),
      event: event.type,
      change_id: event.changeId,
      payload: json<unknown>(event.details),
      sent_at: null,
    })),
  );
  return [rows.compile()];
}
