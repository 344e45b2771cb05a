import { Reason } from "@change-mgmt/api/changes.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";

const Input = Reason.extend({ id: z.string() });

/** Cancels a change; one that is deployed somewhere must be rolled back there first. */
export const cancelChange = defineChangeCommand<z.output<typeof Input>, { id: string }>({
  name: "change.cancel",
  permission: "change.cancel",
  input: Input,
  async run({ change, situation, move }, { reason }) {
    const deployed = situation.environments.filter(({ state }) => state !== "not-deployed" && state !== "rolled-back");
    if (deployed.length > 0) {
      return refuse(
        "STILL_DEPLOYED",
        `${change.number} has left traces in ${deployed.map(({ environment }) => environment).join(", ")}.`,
        "Roll it back there first.",
      );
    }
    const moved = move("cancel", change);
    if (!moved.ok) return moved;
    return accept({
      change: moved.value.change,
      moved: moved.value,
      events: [{ type: "cancellation.given", details: { reason } }],
      value: { id: change.id },
    });
  },
});
