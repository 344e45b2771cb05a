import { placeAt } from "@change-mgmt/analysis/sql/positions.ts";
import type { Statement } from "@change-mgmt/analysis/sql/statements.ts";
import { type Place, type Refusal, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { isConnectionLoss, sqlStateOf } from "../../assets/databases/connection-loss.ts";
import type { TargetSession } from "../../assets/databases/target.ts";
import type { StepResult } from "../artifact.ts";
import type { MigrationWork } from "./migration-work.ts";

const EXCERPT = 300;

/** A failed step from its refusal and the state the target was left in. */
export function failed(refusal: Refusal, targetState: string, retryable: boolean): StepResult {
  return { state: "failed", refusal, targetState, retryable };
}

/** DEPLOYMENT_CANCELLED. */
export function cancelled(): Refusal {
  return refuse(
    "DEPLOYMENT_CANCELLED",
    "The deployment was cancelled or the worker was stopped while this step ran.",
    "Start it again when it is wanted.",
  ).refusal;
}

/** TARGET_CONNECTION_LOST. */
export function connectionLost(work: MigrationWork, statement: Statement | null, committing: boolean): Refusal {
  const when = committing
    ? "during COMMIT"
    : statement
      ? `during ${which(work, statement)}`
      : "before the first statement";
  return refuse(
    "TARGET_CONNECTION_LOST",
    `The connection to the target broke ${when}.`,
    "See that the server runs and the network holds, then run the deployment again.",
  ).refusal;
}

interface ServerError {
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly position?: string;
  readonly constraint?: string;
  readonly where?: string;
}

/**
 * MIGRATION_FAILED: the server's own words, with SQLSTATE, place in the file and an excerpt of the statement in `details`. Where a name was not
 * found, a search path other than the usual one is named too.
 */
export async function sqlFailed(
  session: TargetSession,
  work: MigrationWork,
  statement: Statement | null,
  error: unknown,
): Promise<Refusal> {
  const { message, detail, hint, constraint, where } = error as ServerError;
  const sqlstate = sqlStateOf(error);
  const place = statement ? placeOf(work, statement, error as ServerError) : { file: work.artifact.name };
  const subject = statement ? which(work, statement) : "Recording the migration";
  return refuse(
    "MIGRATION_FAILED",
    `${capital(subject)} failed: ${message} (SQLSTATE ${sqlstate}).${detail ? ` ${detail}` : ""}`,
    `${hint ?? hintFor(sqlstate)}${NOT_FOUND.has(sqlstate ?? "") ? await wordsOnSearchPath(session) : ""}`,
    {
      place,
      details: {
        sqlstate,
        ...(statement ? { statement: excerpt(statement.text), number: statement.index + 1 } : {}),
        ...Object.fromEntries(Object.entries({ detail, constraint, where }).filter(([, value]) => value !== undefined)),
      },
    },
  ).refusal;
}

/** TARGET_LOCKED: who holds the relations the statement names is asked for and said. */
export async function lockRefused(
  session: TargetSession,
  work: MigrationWork,
  statement: Statement | null,
  error: unknown,
): Promise<Refusal> {
  const holders = statement && session.usable ? await lockHolders(session, statement).catch(noneWhenLost) : [];
  const { message } = error as Error;
  return refuse(
    "TARGET_LOCKED",
    `${capital(statement ? which(work, statement) : "the ledger")} did not get its lock: ${message}.${
      holders.length > 0 ? ` Locks on it are held by ${holders.join(", ")}.` : ""
    }`,
    "Wait until those sessions are done or end them; or deploy when less is going on.",
    {
      ...(statement ? { place: { file: work.artifact.name, line: statement.line, column: statement.column } } : {}),
      details: { sqlstate: sqlStateOf(error), holders },
    },
  ).refusal;
}

const NOT_FOUND: ReadonlySet<string> = new Set(["42P01", "42883", "42704", "3F000"]);
const USUAL_PATH = '"$user", public';

async function wordsOnSearchPath(session: TargetSession): Promise<string> {
  if (!session.usable) return "";
  const shown = await session.query("show search_path").catch((error: unknown) => ({ rows: noneWhenLost(error) }));
  const path = (shown.rows[0] as { search_path?: string } | undefined)?.search_path;
  if (path === undefined || path === USUAL_PATH) return "";
  return ` The search path of this login is ${path === "" ? "empty" : path}: see whether names without a schema lead where they should.`;
}

function noneWhenLost(error: unknown): never[] {
  if (isConnectionLoss(error)) return [];
  throw error;
}

async function lockHolders(session: TargetSession, statement: Statement): Promise<string[]> {
  const names = statement.relations.map(({ schema, name }) => [schema, name].filter((part) => part !== undefined));
  const quoted = names.map((parts) => parts.map((part) => `"${part!.replaceAll('"', '""')}"`).join("."));
  const { rows } = await session.query(
    `select distinct a.pid, coalesce(nullif(a.application_name, ''), a.usename::text, '?') as who, a.state
       from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid
      where l.granted and a.pid <> pg_catalog.pg_backend_pid() and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
        and l.relation in (select pg_catalog.to_regclass(name) from unnest($1::text[]) name) order by a.pid limit 5`,
    [quoted],
  );
  return rows.map((row) => `process ${row.pid} (${row.who}, ${row.state ?? "state unknown"})`);
}

function placeOf(work: MigrationWork, statement: Statement, error: ServerError): Place {
  const position = Number(error.position ?? "1");
  // Postgres counts characters, JavaScript UTF-16 units.
  const before = Array.from(statement.text)
    .slice(0, position - 1)
    .join("").length;
  return { file: work.artifact.name, ...placeAt(work.sql, statement.start + before) };
}

function which(work: MigrationWork, statement: Statement): string {
  return `statement ${statement.index + 1} of ${work.statements.length} in "${work.artifact.name}" (line ${statement.line})`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function excerpt(text: string): string {
  return text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text;
}

const HINTS: readonly (readonly [prefix: string, hint: string])[] = [
  ["57014", "The statement ran longer than the environment allows: split the work, or raise its statement timeout."],
  ["42501", "The login of this environment lacks a right that the migration needs: grant it, or deploy as the owner."],
  ["25006", "The database takes no writes now: see whether it is frozen or has become a standby."],
  ["3F000", "There is no schema to make it in: name the schema, or mend the search path of the login."],
  ["42P07", "It exists already: see whether somebody made it by hand, and whether the schema has drifted."],
  ["42P01", "Something this migration builds on is missing on this target: see which migration makes it."],
  ["42703", "A column this migration builds on is missing on this target: see which migration makes it."],
  ["2BP01", "Other objects depend on it: take those away first, or say CASCADE if that is meant."],
  ["23", "Rows on this target break the rule: correct the data in a migration before this one."],
  ["53", "The server is out of a resource: free some, then run the deployment again."],
  ["XX", "The server reports a fault of its own: look into its log before trying again."],
];

function hintFor(sqlstate: string | undefined): string {
  const known = HINTS.find(([prefix]) => sqlstate?.startsWith(prefix));
  return known?.[1] ?? "Correct the migration, have it rehearsed and approved again.";
}
