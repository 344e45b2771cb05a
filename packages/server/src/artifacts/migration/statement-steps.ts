import { readBatches } from "@change-mgmt/analysis/expand-contract/batches.ts";
import type { Statement } from "@change-mgmt/analysis/sql/statements.ts";
import { isConnectionLoss, sqlStateOf } from "../../assets/databases/connection-loss.ts";
import type { TargetSession } from "../../assets/databases/target.ts";
import type { PlannedStep, StepContext, StepResult } from "../artifact.ts";
import { runBatched } from "./batched-steps.ts";
import { cancelled, connectionLost, failed, lockRefused, sqlFailed } from "./failure.ts";
import { decideByLedger, readLedger } from "./ledger.ts";
import { examine, requireWhole } from "./leftovers.ts";
import type { MigrationWork } from "./migration-work.ts";
import { pause } from "./pause.ts";
import { waitForLocksAtMost } from "./session-limits.ts";
import { withStatementLock } from "./statement-lock.ts";
import { markDone, markStarted, type Progress, readProgress, unmark } from "./statement-progress.ts";
import { inTransaction } from "./transaction.ts";
import { ensureLedger, record } from "./transactional-steps.ts";

/** How long clearing up after a failure waits for a lock: whoever stopped the statement wants an answer, and the next try clears up too. */
const TIDY_MS = 2000;

/**
 * The steps of a file that may not run in a transaction: one a statement, then one that writes the ledger.
 * A statement that can run in a transaction commits with its mark and happens once; any other is marked before and after,
 * and after a crash the target itself is asked how far it came.
 */
export function applyByStatement(work: MigrationWork): PlannedStep[] {
  const undo = work.direction === "rollback" ? "undo-" : "";
  const steps = work.statements.map(
    (statement): PlannedStep => ({
      id: `${work.artifact.id}:${undo}statement-${statement.index + 1}`,
      title: `${work.artifact.name}: ${statement.kind.replaceAll("_", " ")} (line ${statement.line})`,
      run: (context) => runStatement(work, statement, context),
    }),
  );
  return [
    ...steps,
    {
      id: `${work.artifact.id}:${undo}record`,
      title: `Record ${work.artifact.name} in the ledger`,
      run: (context) => recordAll(work, context),
    },
  ];
}

async function runStatement(work: MigrationWork, statement: Statement, context: StepContext): Promise<StepResult> {
  const ledger = await ensureLedger(context, work, stateBefore(work, statement, "was not run"));
  if (ledger.state !== "done") return ledger;
  if (statement.transactional) return runOnce(work, statement, context);
  const batches = readBatches(statement.text);
  if (batches !== null)
    return runBatched(work, statement, batches, context, (became) => stateBefore(work, statement, became));
  const { retries } = context.environment;
  for (let tries = 0; ; tries++) {
    const end = await withStatementLock(context, stateBefore(work, statement, "was not run"), (session) =>
      runMarked(session, work, statement, context),
    );
    if (end.state !== "failed" || !end.retryable || tries >= retries || context.signal.aborted) return end;
    await context.say(`${end.refusal.message} Trying again.`);
    await pause(tries + 1, context.signal);
  }
}

function runOnce(work: MigrationWork, statement: Statement, context: StepContext): Promise<StepResult> {
  return inTransaction(context, {
    work,
    untouched: stateBefore(work, statement, "was rolled back"),
    settle: async (session) => {
      const decision = decideByLedger(await readLedger(session, work, context), work, context.deploymentId);
      if (decision !== "go") return decision;
      return (await readProgress(session, work, context, statement))?.state === "done" ? "done" : "go";
    },
    async body(session, at) {
      at(statement);
      await sayStart(work, statement, context);
      await session.query(statement.text);
      at(null);
      await session.query("reset session authorization");
      await markStarted(session, work, context, statement, false);
      await markDone(session, work, context, statement);
    },
  });
}

/** Runs under the statement lock, so nobody else is at this statement; a build that still runs belongs to a lost connection. */
async function runMarked(
  session: TargetSession,
  work: MigrationWork,
  statement: Statement,
  context: StepContext,
): Promise<StepResult> {
  const untouched = stateBefore(work, statement, "was not run");
  let running = false;
  const interrupt = () => void session.interrupt();
  try {
    const decision = decideByLedger(await readLedger(session, work, context), work, context.deploymentId);
    if (decision === "done") return { state: "done" };
    if (decision !== "go") return failed(decision, untouched, false);
    const progress = await readProgress(session, work, context, statement);
    if (progress?.state === "done") return { state: "done" };
    const ready = await clearTheWay(session, work, statement, context, progress);
    if (ready !== "go") return ready;
    if (context.signal.aborted) return failed(cancelled(), untouched, true);
    await sayStart(work, statement, context);
    context.signal.addEventListener("abort", interrupt);
    running = true;
    await session.query(statement.text);
    await requireWhole(session, statement);
    await markDone(session, work, context, statement);
    return { state: "done" };
  } catch (error) {
    if (isConnectionLoss(error)) {
      const state = running ? "may be half done; running the deployment again finds out" : "was not run";
      return failed(connectionLost(work, statement, false), stateBefore(work, statement, state), true);
    }
    const state = sqlStateOf(error);
    if (state === undefined) throw error;
    const left = await tidyUp(session, work, statement, context);
    const target = stateBefore(work, statement, left);
    if (left === UNMARKED) return failed(await sqlFailed(session, work, null, error), target, true);
    if (context.signal.aborted) return failed(cancelled(), target, true);
    if (["55P03", "40P01", "40001"].includes(state)) {
      return failed(await lockRefused(session, work, statement, error), target, true);
    }
    return failed(await sqlFailed(session, work, statement, error), target, false);
  } finally {
    context.signal.removeEventListener("abort", interrupt);
  }
}

/** Finds out what an earlier, interrupted try has left, clears it away, and marks the statement as started. */
async function clearTheWay(
  session: TargetSession,
  work: MigrationWork,
  statement: Statement,
  context: StepContext,
  progress: Progress | null,
): Promise<StepResult | "go"> {
  const left = await examine(session, statement);
  const begunByUs = progress !== null && !progress.thereBefore;
  if (left.state === "finished" && begunByUs) {
    await markDone(session, work, context, statement);
    return { state: "done" };
  }
  if (left.state === "building") {
    const refusal = await lockRefused(session, work, statement, new Error("an earlier build of this index still runs"));
    return failed(refusal, stateBefore(work, statement, "is still being built by an earlier try"), true);
  }
  if (left.state === "broken") {
    await context.say(`${work.artifact.name}: an earlier try left ${left.what}; dropping it and starting over.`);
    for (const repair of left.repair) await session.query(repair);
  }
  if (progress === null) await markStarted(session, work, context, statement, left.state === "finished");
  return "go";
}

const UNMARKED = "is on the target and is not marked as done; running the deployment again marks it";

/** After a failure: takes away what is half-made. Says what became of the statement. */
async function tidyUp(
  session: TargetSession,
  work: MigrationWork,
  statement: Statement,
  context: StepContext,
): Promise<string> {
  if (!session.usable) return "may be half done";
  try {
    const left = await examine(session, statement);
    const progress = await readProgress(session, work, context, statement);
    // It was looking at it, or marking it, that failed: the mark of its start is what tells the next try that it is our own work.
    if (left.state === "finished" && progress?.thereBefore === false) return UNMARKED;
    if (left.state === "broken") {
      try {
        await waitForLocksAtMost(session, TIDY_MS);
        for (const repair of left.repair) await session.query(repair);
      } catch (error) {
        if (isConnectionLoss(error)) throw error;
        // Most likely the same lock that made the statement fail: the next try drops it, and the sentence says it is there.
        return `failed and left ${left.what}, which the next try drops`;
      }
    }
    await unmark(session, work, context, statement);
    return "failed and left nothing behind";
  } catch (error) {
    if (!isConnectionLoss(error)) throw error;
    return "failed and may have left something half done";
  }
}

function recordAll(work: MigrationWork, context: StepContext): Promise<StepResult> {
  const total = work.statements.length;
  return inTransaction(context, {
    work,
    untouched: `All ${total} statements are on the target; the ledger entry is missing, and running the deployment again writes it.`,
    settle: async (session) => decideByLedger(await readLedger(session, work, context), work, context.deploymentId),
    async body(session) {
      for (const statement of work.statements) {
        const progress = await readProgress(session, work, context, statement);
        if (progress?.state !== "done") throw new Error(`statement ${statement.index + 1} was never carried out`);
      }
      await record(work, context, session);
    },
  });
}

/** What of the file is on the target, with what became of this statement in the middle. */
function stateBefore(work: MigrationWork, statement: Statement, became: string): string {
  const n = statement.index + 1;
  const total = work.statements.length;
  const range = (from: number, to: number) => (from === to ? `Statement ${from}` : `Statements ${from} to ${to}`);
  const verb = (count: number, one: string, many: string) => (count === 1 ? one : many);
  const parts = [];
  if (n > 1) parts.push(`${range(1, n - 1)} of ${total} ${verb(n - 1, "is", "are")} on the target.`);
  parts.push(`Statement ${n} of ${total} ${became}.`);
  if (n < total) parts.push(`${range(n + 1, total)} ${verb(total - n, "was", "were")} not run.`);
  return parts.join(" ");
}

async function sayStart(work: MigrationWork, statement: Statement, context: StepContext): Promise<void> {
  await context.say(
    `${work.artifact.name}: statement ${statement.index + 1} of ${work.statements.length}, ${statement.kind.replaceAll("_", " ")} (line ${statement.line})`,
  );
}
