import { Reason } from "@change-mgmt/api/changes.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { sql } from "kysely";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";
import type { Tx } from "../../storage/store.ts";

const UNDER_WAY: readonly string[] = ["requested", "running", "waiting"];

const PauseInput = Reason.extend({ id: z.string(), deployment: z.string() });

/**
 * Asks a deployment to pause: whoever has it in hand ends between two steps, or between two batches of one, and leaves it until somebody lets it go on.
 * Refusals: NOT_FOUND, DEPLOYMENT_ENDED, DEPLOYMENT_PAUSED.
 */
export const pauseDeployment = defineChangeCommand<z.output<typeof PauseInput>, { deployment: string }>({
  name: "deployment.pause",
  permission: "deployment.pause",
  input: PauseInput,
  async run({ tx, change, actor, now }, { deployment, reason }) {
    const found = await underWay(tx, change.id, deployment);
    if (!found.ok) return found;
    const { environment, paused_by: by, pause_reason: why } = found.value;
    if (by !== null)
      return refuse("DEPLOYMENT_PAUSED", `${by} has paused it already: ${why}`, "Let it go on, or stop it.");
    await tx
      .updateTable("deployments")
      .set({ paused_by: actor.handle, pause_reason: reason, paused_at: now })
      .where("id", "=", deployment)
      .execute();
    return accept({
      change,
      events: [{ type: "deployment.pause-requested", details: { deployment, environment, reason } }],
      value: { deployment },
    });
  },
});

const ResumeInput = z.object({ id: z.string(), deployment: z.string() });

/** Lets a paused deployment go on exactly where it stands. Refusals: NOT_FOUND, DEPLOYMENT_ENDED, DEPLOYMENT_NOT_PAUSED. */
export const resumeDeployment = defineChangeCommand<z.output<typeof ResumeInput>, { deployment: string }>({
  name: "deployment.resume",
  permission: "deployment.pause",
  input: ResumeInput,
  async run({ tx, change }, { deployment }) {
    const found = await underWay(tx, change.id, deployment);
    if (!found.ok) return found;
    const { environment, paused_by: by, pause_reason: reason } = found.value;
    if (by === null) return refuse("DEPLOYMENT_NOT_PAUSED", "This deployment is not paused.", "Nothing is to be done.");
    // One that waits for no person is to be taken up again, also where the event comes while its worker still lets go of it.
    await sql`
      UPDATE change_mgmt.deployments d SET paused_by = NULL, pause_reason = NULL, paused_at = NULL,
        state = CASE WHEN state = 'waiting' AND NOT EXISTS (
            SELECT 1 FROM change_mgmt.deployment_steps s WHERE s.deployment_id = d.id AND s.state = 'waiting')
          THEN 'running' ELSE state END
      WHERE id = ${deployment}`.execute(tx);
    return accept({
      change,
      events: [{ type: "deployment.resumed", details: { deployment, environment, pausedBy: by, reason } }],
      value: { deployment },
    });
  },
});

interface UnderWay {
  readonly environment: string;
  readonly paused_by: string | null;
  readonly pause_reason: string | null;
}

async function underWay(tx: Tx, changeId: string, deployment: string): Promise<Outcome<UnderWay>> {
  const row = await tx
    .selectFrom("deployments")
    .select(["environment", "state", "paused_by", "pause_reason"])
    .where("id", "=", deployment)
    .where("change_id", "=", changeId)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return refuse("NOT_FOUND", "There is no such deployment.", "Look at the deployments of the change.");
  if (!UNDER_WAY.includes(row.state))
    return refuse("DEPLOYMENT_ENDED", `This deployment has ${row.state}.`, "There is nothing to pause.");
  return accept(row);
}
