import { type Refusal, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { TargetSession } from "../../assets/databases/target.ts";
import type { Direction, StepContext } from "../artifact.ts";
import type { MigrationWork } from "./migration-work.ts";
import { literal } from "./tool-ledgers/literal.ts";
import { openLedger } from "./tool-ledgers/open-ledger.ts";

/** Key of the advisory lock under which the ledger of a target is read and written: one deployment's steps at a time. */
export const LEDGER_LOCK = "pg_catalog.hashtextextended('change_mgmt_ledger', 0)";

/** What makes the ledger where it is not yet, in order. */
export const LEDGER_TABLES: readonly string[] = [
  "create schema if not exists change_mgmt_ledger",
  `create table if not exists change_mgmt_ledger.applied (
     id bigint generated always as identity primary key,
     artifact_id text not null,
     change_id text not null,
     change_number text not null,
     environment text not null,
     deployment_id text not null,
     direction text not null check (direction in ('deploy', 'rollback')),
     name text not null,
     content_hash text not null,
     sql_hash text not null,
     statements integer not null,
     applied_at timestamptz not null default pg_catalog.clock_timestamp(),
     applied_by text not null,
     unique (deployment_id, artifact_id, direction)
   )`,
  "create index if not exists applied_by_artifact on change_mgmt_ledger.applied (change_id, artifact_id, id)",
  `create table if not exists change_mgmt_ledger.statements (
     change_id text not null,
     artifact_id text not null,
     content_hash text not null,
     direction text not null check (direction in ('deploy', 'rollback')),
     n integer not null,
     deployment_id text not null,
     state text not null check (state in ('started', 'done')),
     there_before boolean not null,
     started_at timestamptz not null default pg_catalog.clock_timestamp(),
     finished_at timestamptz,
     primary key (change_id, artifact_id, content_hash, direction, n)
   )`,
];

/** Whether the ledger's tables are there. */
export async function hasLedger(session: Pick<TargetSession, "query">): Promise<boolean> {
  const { rows } = await session.query(
    "select pg_catalog.to_regclass('change_mgmt_ledger.applied') is not null and pg_catalog.to_regclass('change_mgmt_ledger.statements') is not null as there",
  );
  return rows[0]!.there === true;
}

/** Makes the ledger's schema and tables; needs the right to create a schema. */
export async function createLedger(session: TargetSession): Promise<void> {
  for (const statement of LEDGER_TABLES) await session.query(statement);
}

/** Ids of the artifacts that a deployment has applied to the target or begun to, as the target itself says. */
export async function touchedBy(session: TargetSession, deploymentId: string): Promise<ReadonlySet<string>> {
  if (!(await hasLedger(session))) return new Set();
  const { rows } = await session.query(
    `select artifact_id from change_mgmt_ledger.applied where deployment_id = $1
     union select artifact_id from change_mgmt_ledger.statements where deployment_id = $1`,
    [deploymentId],
  );
  return new Set(rows.map((row) => String(row.artifact_id)));
}

/** What is known of a migration on a target. */
export interface LedgerState {
  readonly last: LedgerEntry | null;
  /** This deployment has an entry of this direction, be it the last or not. */
  readonly own: boolean;
  /** Statements of a deployment that never came to its end are on the target. */
  readonly partly: boolean;
  /** The tool whose own ledger has it, as people call it; null where none has. */
  readonly inTool: string | null;
  /** Why the ledger of the tool cannot be kept; null where it can, or need not. */
  readonly unfit: Refusal | null;
}

export interface LedgerEntry {
  readonly direction: Direction;
  readonly deploymentId: string;
  readonly contentHash: string;
  readonly environment: string;
  /** RFC 3339 UTC. */
  readonly at: string;
}

/** Reads what the target's ledgers say of a migration. */
export async function readLedger(
  session: TargetSession,
  work: MigrationWork,
  context: StepContext,
): Promise<LedgerState> {
  const entries = await session.query(
    `select direction, deployment_id, content_hash, environment,
            pg_catalog.to_char(applied_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at
       from change_mgmt_ledger.applied where change_id = $1 and artifact_id = $2 order by id desc`,
    [context.change.id, work.artifact.id],
  );
  const partly = await session.query(
    "select 1 from change_mgmt_ledger.statements where change_id = $1 and artifact_id = $2 and direction = 'deploy' limit 1",
    [context.change.id, work.artifact.id],
  );
  const last = entries.rows[0];
  return {
    last: last
      ? {
          direction: last.direction as Direction,
          deploymentId: String(last.deployment_id),
          contentHash: String(last.content_hash),
          environment: String(last.environment),
          at: String(last.at),
        }
      : null,
    own: entries.rows.some((row) => row.deployment_id === context.deploymentId && row.direction === work.direction),
    partly: partly.rows.length > 0,
    ...(await askTool(session, work)),
  };
}

async function askTool(
  session: TargetSession,
  { toolEntry, direction, artifact }: MigrationWork,
): Promise<Pick<LedgerState, "inTool" | "unfit">> {
  if (toolEntry === null) return { inTool: null, unfit: null };
  const opened = await openLedger(session, toolEntry.tool);
  if (!opened.ok) return { inTool: null, unfit: opened.refusal };
  const known = await opened.value.read([toolEntry]);
  const { rows, unfinished } = known;
  const { keyOf, checksumsOf, title, newerThan } = opened.value;
  const newer = direction === "rollback" ? newerThan(toolEntry, known) : null;
  const kept = rows.get(keyOf(toolEntry));
  // One that is run again whenever it changes is there only with its content of now.
  const current = toolEntry.version !== null || checksumsOf(toolEntry.text)?.includes(kept ?? "");
  const unfit =
    newer !== null
      ? notNewest(artifact.name, title, newer)
      : direction === "deploy" && unfinished.length > 0
        ? leftUnfinished(title, unfinished)
        : null;
  return { inTool: kept !== undefined && current ? title : null, unfit };
}

function notNewest(name: string, title: string, newer: string): Refusal {
  return refuse(
    "TOOL_LEDGER_NEWER",
    `The migration "${name}" cannot be taken back while ${title}'s ledger is at version ${newer}: that ledger knows only its newest version.`,
    `Roll back the change that brought version ${newer} first.`,
  ).refusal;
}

function leftUnfinished(title: string, unfinished: readonly string[]): Refusal {
  return refuse(
    "HISTORY_UNFINISHED",
    `The ledger of ${title} says that ${unfinished.join(", ")} began and did not end well.`,
    `See what of it is on the database, put that right, and let ${title} mark it as settled.`,
  ).refusal;
}

/**
 * Whether the migration is to be run ("go"), was run by this very deployment ("done"), or must not be: ALREADY_APPLIED,
 * APPLIED_IN_OTHER_VERSION, ALREADY_ROLLED_BACK, NOT_APPLIED.
 */
export function decideByLedger(state: LedgerState, work: MigrationWork, deploymentId: string): "go" | "done" | Refusal {
  const { last, own, unfit } = state;
  const name = `The migration "${work.artifact.name}"`;
  if (own && last?.deploymentId === deploymentId && last.direction === work.direction) return "done";
  if (unfit) return unfit;
  const since = last ? ` (deployment ${last.deploymentId}, environment "${last.environment}", ${last.at})` : "";
  if (last?.direction === "deploy" && last.contentHash !== work.contentHash) {
    return refuse(
      "APPLIED_IN_OTHER_VERSION",
      `${name} is on this target with other content${since}.`,
      "Roll that deployment back first, or put what is new into a migration of its own.",
    ).refusal;
  }
  if (work.direction === "deploy") {
    if (last?.direction === "deploy") {
      return refuse(
        "ALREADY_APPLIED",
        `${name} is already on this target${since}.`,
        "Nothing is left to deploy here; take the migration out of the change, or roll it back before deploying it again.",
      ).refusal;
    }
    if (own) return rolledBack(name, since, "Start a new deployment.");
    if (state.inTool === null) return "go";
    return refuse(
      "ALREADY_APPLIED",
      `${name} is already on this target: ${state.inTool}'s own ledger has its version.`,
      `It was applied by ${state.inTool}; take it out of the change, or repair that ledger with ${state.inTool} itself.`,
    ).refusal;
  }
  if (last?.direction === "deploy" || state.partly) return "go";
  if (last) return rolledBack(name, since, "Nothing is left to take back here.");
  return refuse(
    "NOT_APPLIED",
    `${name} was not applied to this target, so there is nothing to take back.`,
    "See whether it is the right environment.",
  ).refusal;
}

function rolledBack(name: string, since: string, hint: string): Refusal {
  return refuse("ALREADY_ROLLED_BACK", `${name} was already rolled back on this target${since}.`, hint).refusal;
}

/** The statement that writes the ledger entry; to be run inside the migration's transaction, so that both are there or neither. */
export function ledgerEntry(
  work: MigrationWork,
  { change, environment, deploymentId, requestedBy }: EntryContext,
): string {
  const values = [
    work.artifact.id,
    change.id,
    change.number,
    environment.name,
    deploymentId,
    work.direction,
    work.artifact.name,
    work.contentHash,
    work.sqlHash,
  ].map(literal);
  return `insert into change_mgmt_ledger.applied (artifact_id, change_id, change_number, environment, deployment_id, direction,
       name, content_hash, sql_hash, statements, applied_by)
     values (${values.join(", ")}, ${work.statements.length}, ${literal(requestedBy)})`;
}

/** What a ledger entry says besides the migration. */
export type EntryContext = Pick<StepContext, "change" | "environment" | "deploymentId" | "requestedBy">;

/** Writes the ledger entry and takes away the marks of single statements, inside the migration's transaction. */
export async function writeLedger(session: TargetSession, work: MigrationWork, context: StepContext): Promise<void> {
  await session.query(ledgerEntry(work, context));
  await session.query("delete from change_mgmt_ledger.statements where change_id = $1 and artifact_id = $2", [
    context.change.id,
    work.artifact.id,
  ]);
}
