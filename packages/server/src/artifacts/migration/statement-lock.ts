import { refuse } from "@change-mgmt/domain/change/refusal.ts";
import { isConnectionLoss } from "../../assets/databases/connection-loss.ts";
import type { TargetSession } from "../../assets/databases/target.ts";
import type { StepContext, StepResult } from "../artifact.ts";
import { failed } from "./failure.ts";
import { LEDGER_LOCK } from "./ledger.ts";
import { setLimits } from "./session-limits.ts";
import { forgetSettings } from "./transaction.ts";

/**
 * Runs `work` while this session alone holds the ledger's lock of the target, outside any transaction, with the environment's
 * time limits in force. The lock ends with the connection. Fails with TARGET_LOCKED when another session keeps it.
 */
export async function withStatementLock(
  context: StepContext,
  untouched: string,
  work: (session: TargetSession) => Promise<StepResult>,
): Promise<StepResult> {
  const target = await context.target();
  if (!target.ok) return failed(target.refusal, untouched, true);
  const session = target.value;
  if (!session.usable) {
    const again = await session.reopen();
    if (!again.ok) return failed(again.refusal, untouched, true);
  }
  try {
    // Tried, not waited for: a session that waits holds a snapshot, and CREATE INDEX CONCURRENTLY waits for those to end.
    const { rows } = await session.query(`select pg_catalog.pg_try_advisory_lock(${LEDGER_LOCK}) as taken`);
    if (!rows[0]!.taken) {
      const { refusal } = refuse(
        "TARGET_LOCKED",
        "An earlier try of this deployment, or another one, is still at work on this target.",
        "Wait until it has ended, then run the deployment again.",
      );
      return failed(refusal, untouched, true);
    }
    await setLimits(session, context.environment, "session");
  } catch (error) {
    if (!isConnectionLoss(error)) throw error;
    const { refusal } = refuse(
      "TARGET_CONNECTION_LOST",
      "The connection to the target broke before the statement was run.",
      "See that the server runs and the network holds, then run the deployment again.",
    );
    return failed(refusal, untouched, true);
  }
  try {
    return await work(session);
  } finally {
    // Gives the lock back too, and the settings that the statement may have changed.
    if (session.usable) await forgetSettings(session);
  }
}
