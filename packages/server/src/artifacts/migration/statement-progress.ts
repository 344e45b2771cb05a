import type { Statement } from "@change-mgmt/analysis/sql/statements.ts";
import type { TargetSession } from "../../assets/databases/target.ts";
import type { StepContext } from "../artifact.ts";
import type { MigrationWork } from "./migration-work.ts";

/** How far one statement of a file without a transaction has come. */
export interface Progress {
  readonly state: "started" | "done";
  /** What the statement makes was on the target before it was first started, so that is no sign of its success. */
  readonly thereBefore: boolean;
}

const ONE = "change_id = $1 and artifact_id = $2 and content_hash = $3 and direction = $4 and n = $5";

function keyOf(work: MigrationWork, context: StepContext, statement: Statement): unknown[] {
  return [context.change.id, work.artifact.id, work.sqlHash, work.direction, statement.index + 1];
}

/** Null when the statement was never started. */
export async function readProgress(
  session: TargetSession,
  work: MigrationWork,
  context: StepContext,
  statement: Statement,
): Promise<Progress | null> {
  const { rows } = await session.query(
    `select state, there_before from change_mgmt_ledger.statements where ${ONE}`,
    keyOf(work, context, statement),
  );
  return rows[0] ? { state: rows[0].state as Progress["state"], thereBefore: rows[0].there_before === true } : null;
}

export async function markStarted(
  session: TargetSession,
  work: MigrationWork,
  context: StepContext,
  statement: Statement,
  thereBefore: boolean,
): Promise<void> {
  await session.query(
    `insert into change_mgmt_ledger.statements (change_id, artifact_id, content_hash, direction, n, deployment_id, state, there_before)
     values ($1, $2, $3, $4, $5, $6, 'started', $7)`,
    [...keyOf(work, context, statement), context.deploymentId, thereBefore],
  );
}

export async function markDone(
  session: TargetSession,
  work: MigrationWork,
  context: StepContext,
  statement: Statement,
): Promise<void> {
  await session.query(
    `update change_mgmt_ledger.statements set state = 'done', finished_at = pg_catalog.clock_timestamp() where ${ONE}`,
    keyOf(work, context, statement),
  );
}

export async function unmark(
  session: TargetSession,
  work: MigrationWork,
  context: StepContext,
  statement: Statement,
): Promise<void> {
  await session.query(
    `delete from change_mgmt_ledger.statements where ${ONE} and state = 'started'`,
    keyOf(work, context, statement),
  );
}
