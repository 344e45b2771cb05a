import { Reason } from "@change-mgmt/api/changes.ts";
import type { Change } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Situation } from "@change-mgmt/domain/change/situation.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";

const Input = Reason.extend({ id: z.string() });

/** Cancels a change; one that is deployed somewhere must be rolled back there first. */
export const cancelChange = defineChangeCommand<z.output<typeof Input>, { id: string }>({
  name: "change.cancel",
  permission: "change.cancel",
  input: Input,
  async run({ change, situation, move }, { reason }) {
    const clean = checkNoTraces(change, situation);
    if (!clean.ok) return clean;
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

/** Whether a change stands nowhere any more. Refuses with STILL_DEPLOYED, naming where it does. */
export function checkNoTraces(change: Pick<Change, "number">, situation: Situation): Outcome<true> {
  const deployed = situation.environments.filter(({ state }) => state !== "not-deployed" && state !== "rolled-back");
  if (deployed.length === 0) return accept(true);
  return refuse(
    "STILL_DEPLOYED",
    `${change.number} has left traces in ${deployed.map(({ environment }) => environment).join(", ")}.`,
    "Roll it back there first.",
  );
}
