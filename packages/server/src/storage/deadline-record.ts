import type { Change } from "@change-mgmt/domain/change/change.ts";
import type { Situation } from "@change-mgmt/domain/change/situation.ts";
import { deadlinesOf } from "@change-mgmt/domain/lifecycle/approval/deadline.ts";
import type { Process } from "@change-mgmt/domain/process/process.ts";
import { tablesIn } from "@change-mgmt/domain/process/table.ts";
import { type CompiledQuery, sql } from "kysely";
import type { Db, Tx } from "./store.ts";

/**
 * The statement that keeps the deadlines of a change which is just being written: those that are open, as they were where they are still
 * the same. None where the process knows no time limits.
 */
export function keepDeadlines(
  tx: Tx,
  process: Process,
  change: Change,
  situation: Pick<Situation, "people" | "holidays">,
): CompiledQuery<unknown>[] {
  if (!hasLimits(process) || change.asked === undefined) return [];
  const open = deadlinesOf(process, change, situation);
  const column = (of: (deadline: (typeof open)[number]) => string) => open.map(of);
  return [
    sql`
    WITH over AS (
      DELETE FROM change_mgmt.approval_deadlines
      WHERE change_id = ${change.id} AND requirement <> ALL(${column(({ requirement }) => requirement)}::text[]))
    INSERT INTO change_mgmt.approval_deadlines AS d (change_id, requirement, asked_at, remind_at, due_at)
    SELECT ${change.id}::uuid, * FROM unnest(${column(({ requirement }) => requirement)}::text[],
      ${column(({ askedAt }) => askedAt)}::timestamptz[], ${column(({ remindAt }) => remindAt)}::timestamptz[],
      ${column(({ dueAt }) => dueAt)}::timestamptz[])
    ON CONFLICT (change_id, requirement) DO UPDATE SET asked_at = excluded.asked_at, remind_at = excluded.remind_at,
      due_at = excluded.due_at, reminded_at = NULL, escalated_at = NULL
    WHERE (d.asked_at, d.due_at) IS DISTINCT FROM (excluded.asked_at, excluded.due_at)`.compile(tx),
  ];
}

function hasLimits({ approvals }: Process): boolean {
  return tablesIn(approvals).some((table) =>
    table.rows.some(({ then }) => then.requirements.some(({ within }) => within !== undefined)),
  );
}

/** Deadlines of which somebody has to be told at this moment and has not been, the first to be due first. */
export async function untoldDeadlines(
  db: Db,
  now: Date,
): Promise<{ readonly changeId: string; readonly requirement: string }[]> {
  const { rows } = await sql<{ changeId: string; requirement: string }>`
    SELECT change_id AS "changeId", requirement FROM change_mgmt.approval_deadlines
    WHERE (reminded_at IS NULL AND remind_at <= ${now}) OR (escalated_at IS NULL AND due_at <= ${now})
    ORDER BY due_at LIMIT 100`.execute(db);
  return rows;
}
