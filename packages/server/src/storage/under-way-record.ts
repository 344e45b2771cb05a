import type { Change } from "@change-mgmt/domain/change/change.ts";
import { FINAL_STATUSES } from "@change-mgmt/domain/change/status.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { RATIFYING_STATUSES, VOTING_STATUSES } from "@change-mgmt/domain/lifecycle/approval/vote.ts";
import { type CompiledQuery, sql } from "kysely";
import type { Db, Tx } from "./store.ts";

const STAGE = "stage:";
/** So many changes of a stage are counted; more than that is all that is said of a larger one. */
const COUNTED = 1000;

/** The statement that puts a change which is just being written under the keys that it is looked for by while it is under way. */
export function keepUnderWay(tx: Tx, change: Change): CompiledQuery<unknown> {
  const keys = keysOf(change);
  return sql`
    WITH left_behind AS (
      DELETE FROM change_mgmt.changes_under_way WHERE change_id = ${change.id} AND key <> ALL(${keys}::text[]))
    INSERT INTO change_mgmt.changes_under_way (key, change_id, updated_at)
    SELECT key, ${change.id}::uuid, ${new Date(change.updatedAt)}::timestamptz FROM unnest(${keys}::text[]) AS k (key)
    ON CONFLICT (change_id, key) DO UPDATE SET updated_at = excluded.updated_at`.compile(tx);
}

/** What is over has none. What was rejected goes on only where whoever asked for it takes it up again. */
function keysOf(change: Change): string[] {
  if (FINAL_STATUSES.has(change.status)) return [];
  const theirs = [
    `requester:${change.requester}`,
    ...(change.assignee === null ? [] : [`assignee:${change.assignee}`]),
  ];
  if (change.status === "rejected") return theirs;
  const roles = change.steps.filter((step) => !step.completed).flatMap((step) => step.by);
  return [
    ...theirs,
    `${STAGE}${change.process.name}/${change.stage}`,
    ...(change.team === null ? [] : [`team:${change.team}`]),
    ...(VOTING_STATUSES.has(change.status) || RATIFYING_STATUSES.has(change.status) ? ["votes"] : []),
    ...[...new Set(roles)].map((role) => `role:${role}`),
  ];
}

/** Ids of changes under way that could wait for a person, touched last first: theirs, their teams', those that take votes, those with a step for one of their roles. */
export async function couldWaitFor(db: Db, { handle, teams, roles }: Actor, most: number): Promise<string[]> {
  const keys = [
    `requester:${handle}`,
    `assignee:${handle}`,
    "votes",
    ...teams.map((team) => `team:${team}`),
    ...roles.map((role) => `role:${role}`),
  ];
  const { rows } = await sql<{ id: string }>`
    SELECT change_id AS id FROM unnest(${keys}::text[]) AS k (key)
    CROSS JOIN LATERAL (
      SELECT change_id, updated_at FROM change_mgmt.changes_under_way w
      WHERE w.key COLLATE "C" = k.key ORDER BY updated_at DESC, change_id DESC LIMIT ${most}) newest
    GROUP BY change_id, updated_at ORDER BY updated_at DESC, change_id DESC LIMIT ${most}`.execute(db);
  return rows.map(({ id }) => id);
}

/** Ids of changes under way that take votes, touched last first. */
export async function underVote(db: Db, most: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT change_id AS id FROM change_mgmt.changes_under_way WHERE key COLLATE "C" = 'votes'
    ORDER BY updated_at DESC, change_id DESC LIMIT ${most}`.execute(db);
  return rows.map(({ id }) => id);
}

export interface StageUnderWay {
  readonly process: string;
  readonly stage: string;
  /** At most 1,000, however many there are. */
  readonly count: number;
  readonly more: boolean;
  /** Ids of the few touched last, those first. */
  readonly newest: readonly string[];
}

/** The stages that hold a change. Its cost grows with the number of stages, not with that of changes. */
export async function stagesUnderWay(db: Db, newest: number): Promise<StageUnderWay[]> {
  const { rows } = await sql<{ key: string; count: number; newest: string[] }>`
    WITH RECURSIVE stages AS (
      (SELECT key FROM change_mgmt.changes_under_way WHERE key COLLATE "C" >= ${STAGE} ORDER BY key COLLATE "C" LIMIT 1)
      UNION ALL
      SELECT (SELECT w.key FROM change_mgmt.changes_under_way w WHERE w.key COLLATE "C" > s.key ORDER BY w.key COLLATE "C" LIMIT 1)
      FROM stages s WHERE s.key LIKE ${`${STAGE}%`})
    SELECT key,
      (SELECT count(*)::int FROM (
         SELECT FROM change_mgmt.changes_under_way w WHERE w.key COLLATE "C" = s.key LIMIT ${COUNTED + 1}) counted) AS count,
      ARRAY(SELECT change_id FROM change_mgmt.changes_under_way w WHERE w.key COLLATE "C" = s.key
            ORDER BY updated_at DESC, change_id DESC LIMIT ${newest}) AS newest
    FROM stages s WHERE key LIKE ${`${STAGE}%`} ORDER BY key COLLATE "C"`.execute(db);
  return rows.map(({ key, count, newest: ids }) => {
    const slash = key.indexOf("/");
    return {
      process: key.slice(STAGE.length, slash),
      stage: key.slice(slash + 1),
      count: Math.min(count, COUNTED),
      more: count > COUNTED,
      newest: ids,
    };
  });
}
