import { isConnectionLoss, sqlStateOf } from "../../../assets/databases/connection-loss.ts";
import type { TargetSession } from "../../../assets/databases/target.ts";
import type { StepContext } from "../../artifact.ts";
import { LEDGER_LOCK, ledgerEntry } from "../ledger.ts";
import type { MigrationWork } from "../migration-work.ts";
import { forgetSettings } from "../transaction.ts";

/**
 * Runs a whole file with its ledger entries in one transaction that is sent as one message, since asking statement by statement would
 * take longer than running most of them. False when it was not committed for certain: nothing tells then which statement it
 * was, and the way that goes statement by statement, which asks the ledger first, has to find out.
 */
export async function applyWhole(
  session: TargetSession,
  work: MigrationWork,
  context: StepContext,
  { limits, entries }: { readonly limits: readonly string[]; readonly entries: readonly string[] },
): Promise<boolean> {
  const text = [
    "begin isolation level read committed",
    ...limits,
    `select pg_catalog.pg_advisory_xact_lock(${LEDGER_LOCK})`,
    // Before the migration, which may change role and search path; who has applied the file meanwhile makes it fail here.
    ledgerEntry(work, context),
    ...entries,
    ...work.statements.map((statement) => statement.text),
    "commit",
  ].join("\n;\n");
  const interrupt = () => void session.interrupt();
  context.signal.addEventListener("abort", interrupt);
  try {
    await session.query(text);
  } catch (error) {
    if (sqlStateOf(error) === undefined) throw error;
    if (session.usable) await undo(session);
    return false;
  } finally {
    context.signal.removeEventListener("abort", interrupt);
  }
  await forgetSettings(session);
  return true;
}

async function undo(session: TargetSession): Promise<void> {
  try {
    await session.query("rollback");
  } catch (error) {
    // The server rolls back by itself, and the next look opens the connection again.
    if (!isConnectionLoss(error)) throw error;
    return;
  }
  await forgetSettings(session);
}
