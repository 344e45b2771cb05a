import { changeAnswer } from "../change/change-answer.ts";
import { changeArgument } from "../change/change-argument.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  about: "A cancelled change never moves again; create a new one instead.",
  arguments: [changeArgument],
  options: [{ flags: "--reason <text>", about: "why; it is part of the audit trail" }],
  examples: ['change-mgmt cancel CHG-12 --reason="No longer needed"'],
  answers: "changes.cancel",
  parse: (given) => ({ id: given.word("change"), reason: given.required("reason") }),
  run: async (context, { id, reason }) =>
    changeAnswer(await context.client("changes.cancel", { params: { id }, body: { reason } }), "cancelled"),
});
