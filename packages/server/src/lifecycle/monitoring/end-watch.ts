import { Reason } from "@change-mgmt/api/changes.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { OPEN_WATCHES, type Watch } from "@change-mgmt/domain/lifecycle/monitoring/watch.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";
import { json } from "../../storage/json.ts";

const Input = Reason.extend({ id: z.string(), deployment: z.string() });

/** Ends a watch before its time, with a reason: somebody has looked, and answers for the deployment. Refusal: WATCH_ENDED. */
export const endWatch = defineChangeCommand<z.output<typeof Input>, { deployment: string }>({
  name: "watch.end",
  permission: "change.rollback",
  duty: "deploy",
  input: Input,
  async run({ tx, change, actor, now }, { deployment, reason }) {
    const row = await tx
      .selectFrom("deployment_watches")
      .selectAll()
      .where("deployment_id", "=", deployment)
      .where("change_id", "=", change.id)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined || !OPEN_WATCHES.has(row.state))
      return refuse("WATCH_ENDED", "Nobody watches this deployment any more.", "Nothing needs to be done.");
    const watch: Watch = { ...(row.watch as Watch), state: "ended" };
    await tx
      .updateTable("deployment_watches")
      .set({ state: "ended", watch: json<unknown>(watch), ended_at: now, ended_by: actor.handle, reason })
      .where("deployment_id", "=", deployment)
      .execute();
    const details = { deployment, environment: row.environment, was: row.state, reason };
    return accept({ change, events: [{ type: "watch.ended", details }], value: { deployment } });
  },
});
