import type { Refusal } from "@change-mgmt/domain/change/refusal.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { obligations } from "@change-mgmt/domain/lifecycle/deployment/procedure.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";
import { json } from "../../storage/json.ts";
import { rollbackAvailable, setEnvironmentState } from "./request-deployment.ts";

const Input = z.object({
  id: z.string(),
  deployment: z.string(),
  attempt: z.number().int(),
  state: z.enum(["succeeded", "failed", "cancelled"]),
  /** Whether anything of it may be on the target. */
  touched: z.boolean(),
  targetState: z.string(),
  refusal: z.custom<Refusal>().nullable(),
  steps: z.array(z.object({ step: z.string(), state: z.string() })),
});

/** Records how a deployment or rollback ended and moves the change accordingly. Refused as FENCED when somebody else has taken it up. */
export const finishDeployment = defineChangeCommand<z.output<typeof Input>, { id: string }>({
  name: "deployment.finish",
  permission: "engine.record",
  input: Input,
  async run(
    { tx, change, process, now, move, reload },
    { deployment, attempt, state, touched, targetState, refusal, steps },
  ) {
    const row = await tx
      .selectFrom("deployments")
      .select(["attempt", "state", "environment", "direction"])
      .where("id", "=", deployment)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (row.attempt !== attempt || !["requested", "running", "waiting"].includes(row.state)) {
      return refuse(
        "FENCED",
        "This deployment was taken up by somebody else, or has ended.",
        "Nothing needs to be done.",
      );
    }
    await tx
      .updateTable("deployments")
      .set({
        state,
        finished_at: now,
        target_state: targetState,
        ...(refusal === null ? {} : { refusal: json<unknown>(refusal) }),
      })
      .where("id", "=", deployment)
      .execute();
    const { environment, direction } = row;
    const succeeded = state === "succeeded";
    const forward = direction === "deploy";
    const ended = succeeded ? (forward ? "deployed" : "rolled-back") : !forward || touched ? "failed" : "not-deployed";
    await setEnvironmentState(tx, change.id, environment, ended, deployment, now);
    await reload();
    const trigger = forward
      ? succeeded
        ? "deployed"
        : "deployment-failed"
      : succeeded
        ? "rolled-back"
        : "rollback-failed";
    const moved = move(trigger, change, environment);
    if (!moved.ok) return moved;
    const type = `${forward ? "deployment" : "rollback"}.${state}`;
    const details = {
      deployment,
      environment,
      attempt,
      targetState,
      steps,
      ...(refusal === null ? {} : { code: refusal.code, message: refusal.message }),
    };
    return accept({
      change: moved.value.change,
      moved: moved.value,
      events: [
        {
          type,
          details,
          deployment: {
            deployment_timestamp: now.toISOString(),
            deployment_method: "stepwise",
            rollback_available: rollbackAvailable(change),
            monitoring_period_days: obligations(process, change.facts).monitoringDays,
          },
        },
      ],
      value: { id: change.id },
    });
  },
});
