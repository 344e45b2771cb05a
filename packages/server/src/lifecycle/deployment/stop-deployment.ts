import { Reason, SignOff } from "@change-mgmt/api/changes.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";
import type { Tx } from "../../storage/store.ts";

const StopInput = Reason.extend({ id: z.string(), deployment: z.string() });

/** Asks a deployment to stop. The worker that has it ends the step in hand and records how the target was left. */
export const stopDeployment = defineChangeCommand<z.output<typeof StopInput>, { deployment: string }>({
  name: "deployment.cancel",
  permission: "deployment.cancel",
  input: StopInput,
  async run({ tx, change, actor }, { deployment, reason }) {
    const row = await tx
      .selectFrom("deployments")
      .selectAll()
      .where("id", "=", deployment)
      .where("change_id", "=", change.id)
      .forUpdate()
      .executeTakeFirst();
    if (!row) return refuse("NOT_FOUND", "There is no such deployment.", "Look at the deployments of the change.");
    if (!["requested", "running", "waiting"].includes(row.state))
      return refuse("DEPLOYMENT_ENDED", `This deployment has ${row.state}.`, "There is nothing to stop.");
    await tx
      .updateTable("deployments")
      .set({ cancelled_by: actor.handle, cancel_reason: reason })
      .where("id", "=", deployment)
      .execute();
    return accept({
      change,
      events: [{ type: "deployment.cancel-requested", details: { deployment, environment: row.environment, reason } }],
      value: { deployment },
    });
  },
});

const SignOffInput = SignOff.extend({ id: z.string() });

/** Signs off a manual step of the deployment that waits for it. */
export const signOffStep = defineChangeCommand<z.output<typeof SignOffInput>, { deployment: string }>({
  name: "deployment.sign-off",
  permission: "deployment.sign-off",
  input: SignOffInput,
  async run({ tx, change, actor, now }, { step, note }) {
    const waiting = await waitingStep(tx, change.id, step);
    if (!waiting)
      return refuse(
        "STEP_UNKNOWN",
        `No deployment of ${change.number} waits for a step "${step}".`,
        "The deployment names the step it waits for.",
        { place: { pointer: "/step" } },
      );
    await tx
      .insertInto("sign_offs")
      .values({
        deployment_id: waiting.deployment_id,
        step: waiting.step,
        signed_by: actor.handle,
        note: note ?? null,
        created_at: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const details = { deployment: waiting.deployment_id, step: waiting.step, title: waiting.title, note: note ?? null };
    return accept({
      change,
      events: [{ type: "deployment.signed-off", details }],
      value: { deployment: waiting.deployment_id },
    });
  },
});

async function waitingStep(tx: Tx, changeId: string, step: string) {
  return await tx
    .selectFrom("deployment_steps")
    .innerJoin("deployments", "deployments.id", "deployment_steps.deployment_id")
    .select(["deployment_steps.deployment_id", "deployment_steps.step", "deployment_steps.title"])
    .where("deployments.change_id", "=", changeId)
    .where("deployments.state", "in", ["requested", "running", "waiting"])
    .where("deployment_steps.state", "=", "waiting")
    .where("deployment_steps.step", "=", step)
    .executeTakeFirst();
}
