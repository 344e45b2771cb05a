import { sessionError } from "../../assets/databases/connection-loss.ts";
import type { TargetSession } from "../../assets/databases/target.ts";
import type { PlannedStep, StepContext, StepResult } from "../artifact.ts";
import { waitForLongTransactions } from "./in-the-way.ts";
import { createLedger, decideByLedger, hasLedger, readLedger, writeLedger } from "./ledger.ts";
import type { MigrationWork } from "./migration-work.ts";
import { openLedger } from "./tool-ledgers/open-ledger.ts";
import { inTransaction } from "./transaction.ts";

export const UNTOUCHED = "Nothing of this migration is on the target: its transaction was rolled back.";
const STILL_THERE = "The migration is on the target as before: the transaction that takes it back was rolled back.";

/** One step that runs the whole file in one transaction, with its ledger entries in the same one. */
export function applyInTransaction(work: MigrationWork): PlannedStep {
  const deploy = work.direction === "deploy";
  return {
    id: `${work.artifact.id}:${deploy ? "apply" : "rollback"}`,
    title: `${deploy ? "Apply" : "Take back"} ${work.artifact.name}`,
    async run(context) {
      const ledger = await ensureLedger(context, work, untouched(work));
      if (ledger.state !== "done") return ledger;
      await waitForLongTransactions(work, context);
      return run(work, context);
    },
  };
}

/** Makes the ledger on first use. Fails with LEDGER_NOT_WRITABLE where the login may not. */
export async function ensureLedger(context: StepContext, work: MigrationWork, untouched: string): Promise<StepResult> {
  const result = await inTransaction(context, {
    work,
    untouched,
    settle: async (session) => ((await hasLedger(session)) ? "done" : "go"),
    body: createLedger,
  });
  if (result.state !== "failed" || result.refusal.code !== "MIGRATION_FAILED") return result;
  return {
    ...result,
    refusal: {
      ...result.refusal,
      code: "LEDGER_NOT_WRITABLE",
      message: `The ledger change_mgmt_ledger could not be made on the target: ${result.refusal.message}`,
      hint: "Let the login of this environment create a schema (GRANT CREATE ON DATABASE), or make change_mgmt_ledger for it.",
    },
  };
}

function run(work: MigrationWork, context: StepContext): Promise<StepResult> {
  return inTransaction(context, {
    work,
    untouched: untouched(work),
    settle: async (session) => decideByLedger(await readLedger(session, work, context), work, context.deploymentId),
    async body(session, at) {
      for (const statement of work.statements) {
        at(statement);
        await context.say(
          `${work.artifact.name}: statement ${statement.index + 1} of ${work.statements.length}, ${statement.kind.replaceAll("_", " ")} (line ${statement.line})`,
        );
        await session.query(statement.text);
      }
      at(null);
      await record(work, context, session);
    },
  });
}

/** Writes the ledgers with the session's own rights, whatever role the migration took on. */
export async function record(
  work: MigrationWork,
  context: StepContext,
  session: Parameters<typeof writeLedger>[0],
): Promise<void> {
  await session.query("reset session authorization");
  await keepToolLedger(work, session);
  await writeLedger(session, work, context);
}

async function keepToolLedger({ toolEntry, direction }: MigrationWork, session: TargetSession): Promise<void> {
  if (toolEntry === null) return;
  // The migration may have set a path on which the tool itself would not look.
  await session.query("reset search_path");
  const opened = await openLedger(session, toolEntry.tool);
  // Looked at under the same lock before the migration began.
  if (!opened.ok) throw sessionError("42P16", opened.refusal.message);
  const ledger = opened.value;
  for (const statement of [...ledger.make, ...ledger.memory]) await session.query(statement);
  const note = direction === "deploy" ? ledger.note(toolEntry) : null;
  if (note !== null) await session.query(note);
  await session.query(direction === "deploy" ? ledger.insert(toolEntry) : ledger.remove(toolEntry));
}

function untouched(work: MigrationWork): string {
  return work.direction === "deploy" ? UNTOUCHED : STILL_THERE;
}
