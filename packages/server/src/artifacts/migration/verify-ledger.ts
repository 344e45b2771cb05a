import { refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { PlannedStep } from "../artifact.ts";
import { failed } from "./failure.ts";
import { hasLedger, readLedger } from "./ledger.ts";
import type { MigrationWork } from "./migration-work.ts";
import { TOOL_LEDGERS } from "./tool-ledgers/ledgers.ts";
import { inTransaction } from "./transaction.ts";

/** A step that sees in the target's ledgers that the last thing done to the migration is what this deployment did. */
export function verifyLedger(work: MigrationWork): PlannedStep {
  const deploy = work.direction === "deploy";
  return {
    id: `${work.artifact.id}:${deploy ? "verify" : "verify-rollback"}`,
    title: `Verify ${work.artifact.name}`,
    async run(context) {
      const target = await context.target();
      const untouched = "What is on the target was not changed by verifying it.";
      if (!target.ok) return failed(target.refusal, untouched, true);
      return inTransaction(context, {
        work,
        untouched,
        async settle(session) {
          const known = (await hasLedger(session)) ? await readLedger(session, work, context) : null;
          const last = known?.last;
          const ours = last?.deploymentId === context.deploymentId && last.direction === work.direction;
          const toolAgrees = work.toolEntry === null || (known !== null && (known.inTool !== null) === deploy);
          if (ours && toolAgrees) return "done";
          return refuse(
            "NOT_VERIFIED",
            ours
              ? `The ledger of ${work.toolEntry && TOOL_LEDGERS[work.toolEntry.tool].title} does not agree that "${work.artifact.name}" was ${deploy ? "applied" : "taken back"}.`
              : `The target's ledger does not say that this deployment ${deploy ? "applied" : "took back"} "${work.artifact.name}".`,
            "See who else works on this target and its ledgers.",
          ).refusal;
        },
        body: async () => undefined,
      });
    },
  };
}
