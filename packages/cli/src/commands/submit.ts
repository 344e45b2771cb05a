import { changeAnswer } from "../change/change-answer.ts";
import { changeArgument } from "../change/change-argument.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  about: "The form is checked, the process pinned, and the change goes to the team that owns it.",
  arguments: [changeArgument],
  examples: ["change-mgmt submit CHG-12"],
  answers: "changes.submit",
  parse: (given) => given.word("change"),
  run: async (context, id) =>
    changeAnswer(await context.client("changes.submit", { params: { id }, body: {} }), "submitted"),
});
