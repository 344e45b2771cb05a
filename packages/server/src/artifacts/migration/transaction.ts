import type { Statement } from "@change-mgmt/analysis/sql/statements.ts";
import type { Refusal } from "@change-mgmt/domain/change/refusal.ts";
import { isConnectionLoss, sqlStateOf } from "../../assets/databases/connection-loss.ts";
import type { TargetSession } from "../../assets/databases/target.ts";
import type { StepContext, StepResult } from "../artifact.ts";
import { cancelled, connectionLost, failed, lockRefused, sqlFailed } from "./failure.ts";
import { LEDGER_LOCK } from "./ledger.ts";
import type { MigrationWork } from "./migration-work.ts";
import { pause } from "./pause.ts";
import { setLimits } from "./session-limits.ts";

/** What is done in one transaction on the target, exactly once. */
export interface TransactionTask {
  readonly work: MigrationWork;
  /** Looks, under the ledger's lock, whether there is anything to do. */
  settle(session: TargetSession): Promise<"go" | "done" | Refusal>;
  /** Does it; says before each statement which one it is, so that an error can be placed. */
  body(session: TargetSession, at: (statement: Statement | null) => void): Promise<void>;
  /** What the target is left with when the transaction was rolled back. */
  readonly untouched: string;
}

const LOCKED: ReadonlySet<string> = new Set(["55P03", "40P01", "40001"]);
/** How often the truth about a COMMIT without an answer is asked for, whatever the environment's retries. */
const LOOKS_AFTER_LOST_COMMIT = 4;

interface Trouble {
  readonly refusal: Refusal;
  /** The connection broke while COMMIT was on its way. */
  readonly uncertain: boolean;
}

/**
 * Carries the task out at most once, however often it is called. A lock not given in time, a deadlock, a serialization failure
 * and a connection that broke are rolled back and tried again, with growing pauses, up to the environment's `retries`.
 * When the connection breaks during COMMIT, the ledger tells what became of it.
 */
export async function inTransaction(context: StepContext, task: TransactionTask): Promise<StepResult> {
  const target = await context.target();
  if (!target.ok) return failed(target.refusal, task.untouched, true);
  const session = target.value;
  const { retries } = context.environment;
  let trouble = null as Trouble | null;
  for (let tries = 0; tries <= (trouble?.uncertain ? Math.max(retries, LOOKS_AFTER_LOST_COMMIT) : retries); tries++) {
    if (trouble) {
      await context.say(`${trouble.refusal.message} Trying again.`);
      await pause(tries, context.signal);
    }
    if (context.signal.aborted && !trouble?.uncertain) return failed(cancelled(), task.untouched, true);
    if (!session.usable) {
      const again = await session.reopen();
      if (!again.ok) {
        trouble = { refusal: again.refusal, uncertain: trouble?.uncertain ?? false };
        continue;
      }
    }
    const end = await attempt(session, context, task, tries <= retries ? null : trouble);
    if ("state" in end) return end;
    trouble = end;
  }
  return trouble!.uncertain
    ? {
        state: "failed",
        refusal: trouble!.refusal,
        targetState:
          "It is not known whether the transaction was committed: the connection broke during COMMIT, and the target could not be asked since. Running the deployment again finds out.",
        retryable: true,
        uncertain: true,
      }
    : failed(trouble!.refusal, task.untouched, true);
}

/** `onlyLook` is set when no try is left and the ledger is all that may still be asked. */
async function attempt(
  session: TargetSession,
  context: StepContext,
  task: TransactionTask,
  onlyLook: Trouble | null,
): Promise<StepResult | Trouble> {
  const { signal, environment } = context;
  let current: Statement | null = null;
  let committing = false;
  let interrupting: Promise<void> | null = null;
  const interrupt = () => {
    interrupting = session.interrupt();
  };
  signal.addEventListener("abort", interrupt);
  try {
    // Under a stricter default, what is read after the wait for the lock would be as old as the wait.
    await session.query("begin isolation level read committed");
    await setLimits(session, environment, "transaction");
    await session.query(`select pg_catalog.pg_advisory_xact_lock(${LEDGER_LOCK})`);
    const settled = await task.settle(session);
    if (settled !== "go" || onlyLook) {
      await session.query("rollback");
      if (settled === "done") return { state: "done" };
      return failed(settled === "go" ? onlyLook!.refusal : settled, task.untouched, settled === "go");
    }
    await task.body(session, (statement) => {
      signal.throwIfAborted();
      current = statement;
    });
    signal.removeEventListener("abort", interrupt);
    await interrupting;
    signal.throwIfAborted();
    current = null;
    committing = true;
    await session.query("commit");
  } catch (error) {
    signal.removeEventListener("abort", interrupt);
    await interrupting;
    const lost = !session.usable;
    if (!lost) await rollBack(session);
    if (signal.aborted && !(lost && committing)) return failed(cancelled(), task.untouched, true);
    if (isConnectionLoss(error))
      return { refusal: connectionLost(task.work, current, committing), uncertain: committing };
    const state = sqlStateOf(error);
    if (state === undefined) throw error;
    if (LOCKED.has(state)) {
      return { refusal: await lockRefused(session, task.work, current, error), uncertain: false };
    }
    return failed(await sqlFailed(session, task.work, current, error), task.untouched, false);
  }
  await forgetSettings(session);
  return { state: "done" };
}

/** A connection that breaks now has the same effect: the server rolls back by itself. */
async function rollBack(session: TargetSession): Promise<void> {
  try {
    await session.query("rollback");
  } catch (error) {
    if (!isConnectionLoss(error)) throw error;
  }
}

/** A migration may have set a search path, a role or more for the whole session, which others use after it. */
export async function forgetSettings(session: TargetSession): Promise<void> {
  try {
    await session.query("discard all");
  } catch (error) {
    // The connection broke after all was committed: the next step opens it anew, without those settings.
    if (!isConnectionLoss(error)) throw error;
  }
}
