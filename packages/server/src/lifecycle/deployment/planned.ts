import type { Conflict as ConflictView } from "@change-mgmt/api/changes.ts";
import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import { conflictsAt, type PlannedDeployment } from "@change-mgmt/domain/lifecycle/deployment/conflicts.ts";
import { componentsOf } from "@change-mgmt/domain/process/facts.ts";
import { sql } from "kysely";
import type { z } from "zod";
import { couldBeReference, loadChange, unknownChange } from "../../storage/change-record.ts";
import type { ProcessLibrary } from "../../storage/process-record.ts";
import { loadSituation } from "../../storage/situation-record.ts";
import type { Db } from "../../storage/store.ts";

const DAY_MS = 86_400_000;

/** What stands against a deployment of a change at a moment (RFC 3339), before it is put down. */
export async function readConflicts(
  db: Db,
  processes: ProcessLibrary,
  reference: string,
  { environment, at }: { readonly environment: string; readonly at: string },
  now: Date,
): Promise<Outcome<{ items: z.input<typeof ConflictView>[] }>> {
  if (!couldBeReference(reference)) return unknownChange(reference);
  const found = await loadChange(db, reference);
  if (!found.ok) return found;
  const change = found.value;
  const process = await processes.pinned(db, change.process.hash);
  const situation = await loadSituation(db, change, now);
  const moment = new Date(at).getTime();
  const own = {
    environment,
    at,
    components: componentsOf(process, change.fields),
    tables: (await lockedTables(db, [change.id])).get(change.id) ?? [],
  };
  const planned = await plannedBetween(db, new Date(moment - DAY_MS), new Date(moment + DAY_MS));
  return accept({ items: [...conflictsAt({ process, change, situation }, own, planned)] });
}

/** Deployments that are put down for a time, the first to begin first. */
export async function plannedBetween(db: Db, from: Date, until: Date): Promise<PlannedDeployment[]> {
  const rows = await db
    .selectFrom("scheduled_deployments")
    .innerJoin("change_requests", "change_requests.id", "scheduled_deployments.change_id")
    .select([
      "scheduled_deployments.change_id",
      "scheduled_deployments.environment",
      "scheduled_deployments.at",
      "change_requests.number",
      "change_requests.title",
      "change_requests.components",
    ])
    .where("scheduled_deployments.state", "=", "waiting")
    .where("scheduled_deployments.at", ">=", from)
    .where("scheduled_deployments.at", "<=", until)
    .orderBy("scheduled_deployments.at")
    .limit(1000)
    .execute();
  const tables = await lockedTables(
    db,
    rows.map(({ change_id }) => change_id),
  );
  return rows.map((row) => ({
    change: row.number,
    title: row.title,
    environment: row.environment,
    at: row.at.toISOString(),
    components: row.components,
    tables: tables.get(row.change_id) ?? [],
  }));
}

/** Tables that the last rehearsals of changes saw them lock, by the change's UUID; those that are locked only to be read are left out. */
async function lockedTables(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ change_id: string; relation: string }>`
    SELECT DISTINCT r.change_id, l ->> 'relation' AS relation
    FROM change_mgmt.rehearsals r
    CROSS JOIN jsonb_path_query(r.report, '$.statements[*].locks[*]') l
    WHERE r.change_id = ANY(${[...ids]}::uuid[]) AND l ->> 'mode' NOT IN ('AccessShareLock', 'RowShareLock')
    ORDER BY relation`.execute(db);
  const tables = Map.groupBy(rows, ({ change_id }) => change_id);
  return new Map([...tables].map(([id, own]) => [id, own.map(({ relation }) => relation)]));
}
