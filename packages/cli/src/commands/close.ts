import { changeAnswer } from "../change/change-answer.ts";
import { changeArgument } from "../change/change-argument.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  arguments: [changeArgument],
  options: [{ flags: "--summary <text>", about: "what came of it" }],
  examples: ['change-mgmt close CHG-12 --summary="Live since Tuesday, nothing seen"'],
  answers: "changes.close",
  parse: (given) => ({ id: given.word("change"), summary: given.text("summary") }),
  async run(context, { id, summary }) {
    const body = summary === undefined ? {} : { summary };
    return changeAnswer(await context.client("changes.close", { params: { id }, body }), "closed");
  },
});
