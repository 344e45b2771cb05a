import type { Change } from "@change-mgmt/domain/change/change.ts";
import { migrations } from "@change-mgmt/domain/lifecycle/implementation/validation.ts";
import { sql } from "kysely";
import type { Db } from "../../storage/store.ts";

export interface BaseMigration {
  readonly name: string;
  readonly sql: string;
}

/**
 * The migrations a change will find, a new one when no id is given: the history the databases were built from, then what other changes have brought somewhere and was
 * not rolled back, in the order in which it came. Undefined while no history was handed in.
 */
export async function baseMigrations(db: Db, changeId: string | null): Promise<BaseMigration[] | undefined> {
  const row = await db
    .selectFrom("configurations")
    .select("history")
    .where("history", "is not", null)
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();
  if (!row) return undefined;
  const history = row.history as BaseMigration[];
  const names = new Set(history.map(({ name }) => name));
  const { rows } = await sql<{ artifacts: Change["artifacts"] }>`
    SELECT c.artifacts FROM change_mgmt.change_requests c
    JOIN (SELECT d.change_id, min(d.id::text) AS first FROM change_mgmt.deployments d
          JOIN change_mgmt.change_environments e ON e.change_id = d.change_id AND e.environment = d.environment AND e.state = 'deployed'
          WHERE d.direction = 'deploy' AND d.state = 'succeeded' GROUP BY d.change_id) f ON f.change_id = c.id
    WHERE c.id IS DISTINCT FROM ${changeId}::uuid ORDER BY f.first`.execute(db);
  const deployed = rows.flatMap(({ artifacts }) => migrations({ artifacts })).filter(({ name }) => !names.has(name));
  return [...history, ...deployed.map(({ name, up }) => ({ name, sql: up }))];
}
