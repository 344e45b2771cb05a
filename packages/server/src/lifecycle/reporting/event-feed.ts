import { sql } from "kysely";
import type { Db } from "../../storage/store.ts";

export interface FeedEvent {
  readonly seq: number;
  readonly type: string;
  readonly change: string | null;
  readonly data: unknown;
}

const POLL_MS = 500;
const BATCH = 200;

/**
 * Events in the order of the sealed trail, which has no holes and never changes: a follower that comes back with the last number it saw
 * misses nothing. Refusals and looks into the trail are not events. What concerns an account is one for its own person alone, whose stream
 * of the trail is `ownStream`, and says no more than what kind of thing happened.
 */
export async function* followEvents(
  db: Db,
  {
    afterSeq,
    change,
    ownStream,
    signal,
  }: { afterSeq?: number; change?: string; ownStream?: string; signal: AbortSignal },
): AsyncGenerator<FeedEvent> {
  let after = afterSeq ?? (await newestSeq(db));
  while (!signal.aborted) {
    const { rows } = await sql<{
      seq: string;
      change_id: string | null;
      action: string;
      stream: string;
      entry: string;
      number: string | null;
    }>`
      SELECT t.seq, t.change_id, t.action, t.stream, t.entry, c.number FROM change_mgmt.audit_trail t
      LEFT JOIN change_mgmt.change_requests c ON c.id = t.change_id
      WHERE t.seq > ${after} ORDER BY t.seq LIMIT ${BATCH}`.execute(db);
    for (const row of rows) {
      after = Number(row.seq);
      if (change !== undefined && row.number !== change) continue;
      const entry = JSON.parse(row.entry) as {
        outcome: string;
        timestamp: string;
        actor: { handle: string };
        details: Record<string, unknown>;
      };
      if (entry.outcome === "refused") continue;
      const own = row.stream === ownStream && isOfOnesAccount(row.action);
      if (row.change_id === null && !isOfTheWorkspace(row.action) && !own) continue;
      yield {
        seq: after,
        type: row.action,
        change: row.number,
        data: own
          ? { at: entry.timestamp }
          : { at: entry.timestamp, actor: entry.actor.handle, details: entry.details },
      };
    }
    if (rows.length < BATCH) await pause(signal);
  }
}

async function newestSeq(db: Db): Promise<number> {
  const { rows } = await sql<{ seq: string | null }>`SELECT max(seq) AS seq FROM change_mgmt.audit_trail`.execute(db);
  return Number(rows[0]?.seq ?? 0);
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      // A follower may stay for days: what listens to its signal must not grow with every look.
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, POLL_MS);
    signal.addEventListener("abort", end);
  });
}

/** What happens to somebody's account that the pages of that person show. */
function isOfOnesAccount(action: string): boolean {
  return /^(user|session|token|link|saved-view)\./.test(action);
}

/** What beside changes concerns everybody. What people do to accounts, and who looks at the trail, is for the trail alone. */
function isOfTheWorkspace(action: string): boolean {
  return /^(config|environment|hold|team|job|meeting)\./.test(action);
}
