import { changeAnswer } from "../change/change-answer.ts";
import { changeArgument } from "../change/change-argument.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  about: "Approvals of what is changed afterwards have to be given again.",
  arguments: [changeArgument],
  options: [{ flags: "--reason <text>", about: "why; it is part of the audit trail" }],
  examples: ['change-mgmt rework CHG-12 --reason="Use a smaller lock"'],
  answers: "changes.rework",
  parse: (given) => ({ id: given.word("change"), reason: given.required("reason") }),
  run: async (context, { id, reason }) =>
    changeAnswer(await context.client("changes.rework", { params: { id }, body: { reason } }), "is back at work"),
});
