import { Reason } from "@change-mgmt/api/changes.ts";
import { accept } from "@change-mgmt/domain/change/refusal.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";

const Input = Reason.extend({ id: z.string() });

/** Takes a change that was rejected, failed or rolled back to work again, where its process says. */
export const reworkChange = defineChangeCommand<z.output<typeof Input>, { id: string }>({
  name: "change.rework",
  permission: "change.rework",
  input: Input,
  async run({ change, move }, { reason }) {
    const moved = move("rework", change);
    if (!moved.ok) return moved;
    return accept({
      change: moved.value.change,
      moved: moved.value,
      events: [{ type: "rework.begun", details: { reason } }],
      value: { id: change.id },
    });
  },
});
