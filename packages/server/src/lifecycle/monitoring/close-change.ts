import { CloseChange } from "@change-mgmt/api/changes.ts";
import { accept } from "@change-mgmt/domain/change/refusal.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";

const Input = CloseChange.extend({ id: z.string() });

/** Closes a change whose process owes nothing any more. */
export const closeChange = defineChangeCommand<z.output<typeof Input>, { id: string }>({
  name: "change.close",
  permission: "change.close",
  input: Input,
  async run({ change, move }, { summary }) {
    const moved = move("close", change);
    if (!moved.ok) return moved;
    return accept({
      change: moved.value.change,
      moved: moved.value,
      events: [{ type: "review.summed-up", details: { summary: summary ?? null } }],
      value: { id: change.id },
    });
  },
});
