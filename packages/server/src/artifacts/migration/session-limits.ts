import type { TargetEnvironment, TargetSession } from "../../assets/databases/target.ts";

/** How soon a server notices that nobody waits for a statement any more, and ends it: else a lost migration would hold its locks for as long as it runs. */
const NOTICED_MS = 1000;
/** How long a transaction may wait for us; longer than any pause of ours, so that a process that is gone does not hold locks for ever. */
const WAITS_MS = 60_000;

/** What a login or a database may bring with it, by what it has to be instead. */
const SERVED = {
  transaction_timeout: 0,
  idle_session_timeout: 0,
  idle_in_transaction_session_timeout: WAITS_MS,
  client_connection_check_interval: NOTICED_MS,
};

/** Those of the limits that this server knows, for `limitStatements`. */
export async function knownLimits(session: TargetSession): Promise<readonly string[]> {
  const { rows } = await session.query(
    `select s.name from pg_catalog.pg_settings s where s.name = any($1::text[])
        and (s.name <> 'client_connection_check_interval' or pg_catalog.version() !~* 'windows|mingw|visual c')`,
    [Object.keys(SERVED)],
  );
  return rows.map((row) => String(row.name));
}

/** Statements that put the limits of an environment in force for a session, as `setLimits` does, on a server that knows `known`. */
export function limitStatements(
  { lockTimeoutMs, statementTimeoutMs }: Pick<TargetEnvironment, "lockTimeoutMs" | "statementTimeoutMs">,
  known: readonly string[],
): string[] {
  const served = Object.entries(SERVED).filter(([name]) => known.includes(name));
  const all = [["lock_timeout", lockTimeoutMs], ["statement_timeout", statementTimeoutMs], ...served];
  return all.map(([name, value]) => `set ${name} = ${value}`);
}

/**
 * Puts the limits of an environment in force, whatever the login or the database bring with them: for the open transaction, or with `session`
 * until the settings are discarded. Settings that the server does not know are left out.
 */
export async function setLimits(
  session: TargetSession,
  { lockTimeoutMs, statementTimeoutMs }: Pick<TargetEnvironment, "lockTimeoutMs" | "statementTimeoutMs">,
  until: "transaction" | "session",
): Promise<void> {
  const limits = { lock_timeout: lockTimeoutMs, statement_timeout: statementTimeoutMs };
  // An embedded database is nobody else's: no login brings anything with it, and no connection is lost.
  const all = session.kind === "embedded" ? limits : { ...limits, ...SERVED };
  await session.query(
    `select pg_catalog.set_config(l.name, l.value, $3) from unnest($1::text[], $2::text[]) as l(name, value)
      where l.name in ('lock_timeout', 'statement_timeout')
         or exists (select from pg_catalog.pg_settings s where s.name = l.name
                     and (l.name <> 'client_connection_check_interval' or pg_catalog.version() !~* 'windows|mingw|visual c'))`,
    [Object.keys(all), Object.values(all).map(String), until === "transaction"],
  );
}

/** Lets the session wait no longer than this for a lock, if it would. */
export async function waitForLocksAtMost(session: TargetSession, ms: number): Promise<void> {
  await session.query(
    `select pg_catalog.set_config('lock_timeout', $1, false) from pg_catalog.pg_settings
      where name = 'lock_timeout' and (setting::int = 0 or setting::int > $2)`,
    [String(ms), ms],
  );
}
