import type { BatchesRead } from "@change-mgmt/analysis/expand-contract/batches.ts";
import type { Statement } from "@change-mgmt/analysis/sql/statements.ts";
import { batchProgress } from "@change-mgmt/domain/lifecycle/deployment/batch-progress.ts";
import type { TargetSession } from "../../assets/databases/target.ts";
import type { StepContext, StepResult } from "../artifact.ts";
import { aboutRows, type BatchPosition, makeRoom, nextBatch, readPosition, writePosition } from "./batch-position.ts";
import { decideByLedger, readLedger } from "./ledger.ts";
import type { MigrationWork } from "./migration-work.ts";
import { markDone, markStarted, readProgress } from "./statement-progress.ts";
import { inTransaction } from "./transaction.ts";

/** What became of one batch. */
interface BatchDone extends BatchPosition {
  readonly rows: number;
  readonly about: number | null;
  readonly over: boolean;
}

/**
 * Runs a statement that goes through a table in batches: each batch is a transaction of its own that also writes down where the next begins, so that
 * a run after a crash, a pause or a failure goes on exactly there. Says how far it is; ends between two batches where somebody wants a pause.
 */
export async function runBatched(
  work: MigrationWork,
  statement: Statement,
  batches: BatchesRead,
  context: StepContext,
  /** What of the file is on the target, with what became of this statement in the middle. */
  stateWith: (became: string) => string,
): Promise<StepResult> {
  let last: BatchDone | null = null;
  let began: { done: number; at: number } | null = null;
  for (;;) {
    const before: BatchDone | null = last;
    let batch = null as BatchDone | null;
    const at = context.now().getTime();
    const result = await inTransaction(context, {
      work,
      untouched: stateWith(soFar(before)),
      settle: async (session) => {
        const decision = decideByLedger(await readLedger(session, work, context), work, context.deploymentId);
        if (decision !== "go") return decision;
        return (await readProgress(session, work, context, statement))?.state === "done" ? "done" : "go";
      },
      async body(session, place) {
        place(statement);
        batch = await oneBatch(session, work, statement, batches, context);
      },
    });
    // Done without a batch: a run before this one has come to the end.
    if (result.state !== "done" || batch === null) return result;
    last = batch;
    began ??= { done: batch.done - batch.rows, at };
    await context.progress(batchProgress(batch, began, context.now().getTime()));
    if (batch.over) return { state: "done" };
    if (context.pauseWanted()) return { state: "paused" };
  }
}

async function oneBatch(
  session: TargetSession,
  work: MigrationWork,
  statement: Statement,
  batches: BatchesRead,
  context: StepContext,
): Promise<BatchDone> {
  await makeRoom(session);
  if ((await readProgress(session, work, context, statement)) === null)
    await markStarted(session, work, context, statement, false);
  const { next: from, done, written } = await readPosition(session, work, context, statement);
  const batch = await nextBatch(session, batches, from);
  const wrote = batch === null ? 0 : (await session.query(batches.statement(batch.range))).rowCount;
  await session.query("reset session authorization");
  const position = { next: batch?.next ?? null, done: done + (batch?.rows ?? 0), written: written + wrote };
  const over = position.next === null;
  if (over) await markDone(session, work, context, statement);
  else await writePosition(session, work, context, statement, position);
  return { ...position, rows: batch?.rows ?? 0, over, about: await aboutRows(session, batches.inSql.table) };
}

function soFar(last: BatchPosition | null): string {
  return last === null || last.done === 0
    ? "had a batch rolled back; those before it are on the target, and running the deployment again goes on there"
    : `had a batch rolled back after about ${last.done} rows, which are on the target; running the deployment again goes on there`;
}
