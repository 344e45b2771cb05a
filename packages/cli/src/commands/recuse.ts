import { changeAnswer } from "../change/change-answer.ts";
import { changeArgument } from "../change/change-argument.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  about:
    "For a conflict of interest: your votes on this change count no more, and boards decide without you. change-mgmt withdraw takes it back.",
  arguments: [changeArgument],
  options: [{ flags: "--reason <text>", about: "what the conflict is; everybody who sees the change sees it" }],
  examples: ['change-mgmt recuse CHG-12 --reason="I own shares of the vendor"'],
  answers: "changes.recuse",
  parse: (given) => ({ id: given.word("change"), reason: given.required("reason") }),
  run: async (context, { id, reason }) =>
    changeAnswer(
      await context.client("changes.recuse", { params: { id }, body: { reason } }),
      "is decided without you",
    ),
});
