import type { Change } from "@change-mgmt/domain/change/change.ts";
import type { EnvironmentFact, Occupation, RehearsalFact, Situation } from "@change-mgmt/domain/change/situation.ts";
import { sql } from "kysely";
import { currentConfiguration } from "./configuration-record.ts";
import { loadHold } from "./hold-record.ts";
import { loadPeople } from "./person-record.ts";
import type { Db, Tx } from "./store.ts";

/** Everything beside a change that rules ask about, in a fixed number of queries. */
export async function loadSituation(db: Db | Tx, change: Pick<Change, "id"> | null, now: Date): Promise<Situation> {
  const situationOf = await loadSituations(db, change === null ? [] : [change.id], now);
  return situationOf(change?.id ?? "");
}

/** The situations of several changes by their UUIDs, in the same number of queries as that of one. */
export async function loadSituations(
  db: Db | Tx,
  ids: readonly string[],
  now: Date,
): Promise<(changeId: string) => Situation> {
  const configuration = await currentConfiguration(db);
  const componentTeams = Object.fromEntries(
    (configuration?.document.components ?? []).map(({ name, team }) => [name, team]),
  );
  const occupied = await loadOccupied(db);
  const hold = await loadHold(db);
  const shared = { occupied, hold, people: await loadPeople(db), componentTeams, now: now.toISOString() };
  const ownOf = ids.length === 0 ? () => nothingOfItsOwn : await loadOwn(db, ids);
  return (changeId) => ({ ...ownOf(changeId), ...shared });
}

/** Which environments are taken at this moment, by whom, and what that waits for. */
export async function loadOccupied(db: Db | Tx): Promise<Occupation[]> {
  const { rows } = await sql<Occupation>`
    SELECT d.environment, d.id AS deployment, c.number AS change, d.direction, d.state,
      (SELECT s.title FROM change_mgmt.deployment_steps s
        WHERE s.deployment_id = d.id AND s.state = 'waiting' ORDER BY s.position LIMIT 1) AS "waitsFor"
    FROM change_mgmt.deployments d JOIN change_mgmt.change_requests c ON c.id = d.change_id
    WHERE d.state IN ('requested', 'running', 'waiting')`.execute(db);
  return rows;
}

type Own = Pick<Situation, "rehearsals" | "reports" | "environments">;
const nothingOfItsOwn: Own = { rehearsals: [], reports: [], environments: [] };

async function loadOwn(db: Db | Tx, ids: readonly string[]): Promise<(changeId: string) => Own> {
  const rehearsals = await db
    .selectFrom("rehearsals")
    .select(["change_id", "artifact", "content_hash", "outcome"])
    .select([
      sql<string>`report ->> 'rollback'`.as("rollback"),
      sql<string>`report ->> 'message'`.as("message"),
      sql<string>`report ->> 'rollbackMessage'`.as("rollback_message"),
      sql<boolean>`coalesce((report ->> 'breaking')::boolean, false)`.as("breaking"),
    ])
    .where("change_id", "in", ids)
    .execute();
  const reports = await db
    .selectFrom("validation_reports")
    .selectAll()
    .where("change_id", "in", ids)
    .orderBy("id")
    .execute();
  const environments = await db.selectFrom("change_environments").selectAll().where("change_id", "in", ids).execute();
  const of = <R extends { readonly change_id: string }>(rows: readonly R[]) => {
    const byChange = Map.groupBy(rows, (row) => row.change_id);
    return (changeId: string): readonly R[] => byChange.get(changeId) ?? [];
  };
  const [rehearsalsOf, reportsOf, environmentsOf] = [of(rehearsals), of(reports), of(environments)];
  return (changeId) => ({
    rehearsals: rehearsalsOf(changeId).map(
      (row): RehearsalFact => ({
        artifact: row.artifact,
        contentHash: row.content_hash,
        outcome: row.outcome as RehearsalFact["outcome"],
        rollback: row.rollback as RehearsalFact["rollback"],
        message: row.message,
        rollbackMessage: row.rollback_message,
        breaking: row.breaking,
      }),
    ),
    reports: reportsOf(changeId).map((row) => ({
      kind: row.kind,
      contentHash: row.content_hash,
      passed: row.passed,
      failed: row.failed,
      at: row.created_at.toISOString(),
    })),
    environments: environmentsOf(changeId).map(
      (row): EnvironmentFact => ({
        environment: row.environment,
        state: row.state as EnvironmentFact["state"],
        at: row.updated_at.toISOString(),
      }),
    ),
  });
}
