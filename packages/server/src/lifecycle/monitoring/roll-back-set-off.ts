import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Watch } from "@change-mgmt/domain/lifecycle/monitoring/watch.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";
import { beginRollback } from "../deployment/request-rollback.ts";

const Input = z.object({ id: z.string(), deployment: z.string() });

/**
 * Rolls back what a trigger has set off, in the name of whoever deployed it and with the trigger as the reason. It meets what a person would
 * meet: a newer deployment on top, a hold, an environment that is taken. The watch ends in the same transaction.
 */
export const rollBackSetOff = defineChangeCommand<z.output<typeof Input>, { deployment: string }>({
  name: "watch.roll-back",
  permission: "engine.record",
  input: Input,
  async run(context, { deployment }) {
    const { tx, now } = context;
    const row = await tx
      .selectFrom("deployment_watches as w")
      .innerJoin("deployments as d", "d.id", "w.deployment_id")
      .select(["w.watch", "w.state", "w.environment", "d.requested_by"])
      .where("w.deployment_id", "=", deployment)
      .where("w.change_id", "=", context.change.id)
      .forUpdate("w")
      .executeTakeFirst();
    if (row?.state !== "triggered")
      return refuse("WATCH_ENDED", "No trigger of this deployment waits for a rollback.", "Nothing needs to be done.");
    const watch = row.watch as Watch;
    const begun = await beginRollback(context, {
      environment: row.environment,
      reason: reasonOf(watch),
      by: row.requested_by,
    });
    if (!begun.ok) return begun;
    await tx
      .updateTable("deployment_watches")
      .set({ state: "rolling-back", ended_at: now, refusal: null })
      .where("deployment_id", "=", deployment)
      .execute();
    return accept(begun.value);
  },
});

function reasonOf({ checks, failures }: Watch): string {
  const setOff = checks.filter((check) => check.judged?.result === "fail" && check.failures >= failures);
  const words = setOff.map(({ trigger, judged }) => `${trigger.title}: ${judged!.words}`).join("; ");
  return `Set off after ${failures} ${failures === 1 ? "failure" : "failures in a row"}: ${words}.`;
}
