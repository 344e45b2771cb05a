import { Reason } from "@change-mgmt/api/changes.ts";
import { decideRecusal } from "@change-mgmt/domain/lifecycle/approval/withdrawal.ts";
import { z } from "zod";
import { defineChangeCommand } from "../../commands/command.ts";
import { afterAnswer } from "./after-answer.ts";

const Input = Reason.extend({ id: z.string() });

/** Keeps a person out of every decision on a change, for a conflict of interest. Where a board can decide no more without them, it has. */
export const recuse = defineChangeCommand<z.output<typeof Input>, { id: string }>({
  name: "change.recuse",
  permission: "change.vote",
  duty: "approve",
  input: Input,
  async run(context, { reason }) {
    const { change, process, situation, actor, now } = context;
    const { people } = situation;
    const decided = decideRecusal({
      process,
      change,
      person: actor.handle,
      people,
      now: now.toISOString(),
      reason,
    });
    if (!decided.ok) return decided;
    const recused = { ...change, recusals: [...(change.recusals ?? []), decided.value] };
    return afterAnswer(context, recused, [{ type: "vote.recused", details: { reason } }]);
  },
});
