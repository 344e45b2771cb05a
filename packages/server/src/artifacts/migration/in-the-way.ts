import type { Statement } from "@change-mgmt/analysis/sql/statements.ts";
import { secondsText } from "@change-mgmt/domain/lifecycle/assessment/target-words.ts";
import { sqlStateOf } from "../../assets/databases/connection-loss.ts";
import type { TargetSession } from "../../assets/databases/target.ts";
import type { StepContext } from "../artifact.ts";
import type { MigrationWork } from "./migration-work.ts";
import { pause } from "./pause.ts";

/** Statements that take locks which keep others out; what only writes rows stands in nobody's way. */
const KEEPS_OUT = /^(?:alter|drop|truncate|create_index|create_trigger|rename|reindex|cluster|refresh|lock)/;
/** A transaction that is older is not just passing by. */
const LONG_SECONDS = 1;

/**
 * Before any lock is asked for: while transactions that have been open for a while hold locks on what the migration locks, says which, and waits
 * without standing in the queue, where everybody else would stand behind it; at most for the pauses of the environment's retries.
 */
export async function waitForLongTransactions(work: MigrationWork, context: StepContext): Promise<void> {
  const statements = work.statements.filter(({ kind }) => KEEPS_OUT.test(kind));
  const target = statements.length === 0 ? null : await context.target();
  // An embedded database is nobody else's; what is the matter with one that cannot be reached is said by who needs it.
  if (target === null || !target.ok || target.value.kind === "embedded" || !target.value.usable) return;
  for (let look = 1; look <= context.environment.retries && !context.signal.aborted; look++) {
    const holders = await holdersOf(target.value, statements);
    if (holders.length === 0) return;
    await context.say(`Before it asks for locks, ${work.artifact.name} waits for ${holders.join(", ")}.`);
    await pause(look, context.signal);
  }
}

async function holdersOf(session: TargetSession, statements: readonly Statement[]): Promise<string[]> {
  const quote = (part: string) => `"${part.replaceAll('"', '""')}"`;
  const names = statements.flatMap(({ relations }) =>
    relations.map(({ schema, name }) => (schema === undefined ? quote(name) : `${quote(schema)}.${quote(name)}`)),
  );
  try {
    const { rows } = await session.query(
      `select distinct a.pid, coalesce(nullif(a.application_name, ''), a.usename::text, '?') as who, a.state,
              extract(epoch from pg_catalog.clock_timestamp() - a.xact_start)::float8 as seconds
         from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid
        where l.granted and a.pid <> pg_catalog.pg_backend_pid() and a.xact_start < pg_catalog.clock_timestamp() - $2 * interval '1 second'
          and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
          and l.relation in (select pg_catalog.to_regclass(name) from unnest($1::text[]) name) order by a.pid limit 5`,
      [names, LONG_SECONDS],
    );
    return rows.map(
      ({ pid, who, state, seconds }) =>
        `process ${pid} (${who}, ${state ?? "state unknown"}, open for ${secondsText(Number(seconds))})`,
    );
  } catch (error) {
    // A look that fails keeps nothing from being tried: the locks themselves are waited for within limits.
    if (sqlStateOf(error) === undefined) throw error;
    return [];
  }
}
