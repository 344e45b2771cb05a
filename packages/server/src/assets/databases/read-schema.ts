import { introspect } from "@change-mgmt/analysis/introspection/introspect.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { SchemaModel } from "@change-mgmt/domain/schema/model.ts";
import { isConnectionLoss, sqlStateOf } from "./connection-loss.ts";
import type { TargetEnvironment, TargetSession } from "./target.ts";

const LOCK_NOT_AVAILABLE = "55P03";

/**
 * Reads the schema of a target in one snapshot of the database, so that what happens meanwhile does not tear it. Postgres describes views,
 * defaults and constraints only when nobody has locked their table away: that is waited for as long as the environment waits for locks.
 * Refusals: TARGET_LOCKED (names who holds such locks), TARGET_CONNECTION_LOST, SCHEMA_UNREADABLE, and those of `reopen`.
 */
export async function readSchema(
  session: TargetSession,
  { name, lockTimeoutMs, statementTimeoutMs }: Pick<TargetEnvironment, "name" | "lockTimeoutMs" | "statementTimeoutMs">,
): Promise<Outcome<SchemaModel>> {
  if (!session.usable) {
    const again = await session.reopen();
    if (!again.ok) return again;
  }
  try {
    await session.query("begin isolation level repeatable read read only");
    await session.query(
      "select pg_catalog.set_config('lock_timeout', $1, true), pg_catalog.set_config('statement_timeout', $2, true)",
      [String(lockTimeoutMs), String(statementTimeoutMs)],
    );
    const schema = await introspect((text, values) => session.query(text, values));
    await session.query("commit");
    return accept(schema);
  } catch (error) {
    const state = sqlStateOf(error);
    if (state === undefined) throw error;
    if (session.usable) await session.query("rollback");
    if (state === LOCK_NOT_AVAILABLE) return await locked(session, name);
    return refuse(
      isConnectionLoss(error) ? "TARGET_CONNECTION_LOST" : "SCHEMA_UNREADABLE",
      `The schema of environment "${name}" could not be read: ${(error as Error).message} (SQLSTATE ${state}).`,
      "See that the server runs and that the login may read the catalog, then run the deployment again.",
    );
  }
}

async function locked(session: TargetSession, name: string): Promise<Outcome<never>> {
  const { rows } = await session.query(
    `select a.pid, coalesce(nullif(a.application_name, ''), a.usename::text, '?') as who, a.state,
            string_agg(distinct l.relation::regclass::text, ', ') as tables
       from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid
      where l.granted and l.mode = 'AccessExclusiveLock' and l.relation is not null and a.pid <> pg_catalog.pg_backend_pid()
        and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
      group by a.pid, who, a.state order by a.pid limit 5`,
  );
  const holders = rows.map(
    (row) => `process ${row.pid} (${row.who}, ${row.state ?? "state unknown"}) on ${row.tables}`,
  );
  return refuse(
    "TARGET_LOCKED",
    `The schema of environment "${name}" could not be read: somebody has locked a table against everybody.${
      holders.length > 0 ? ` Such locks are held by ${holders.join("; ")}.` : ""
    }`,
    "Wait until those sessions are done or end them; or deploy when less is going on.",
    { details: { sqlstate: LOCK_NOT_AVAILABLE, holders } },
  );
}
