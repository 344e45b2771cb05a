import { changeAnswer } from "../../change/change-answer.ts";
import { changeArgument } from "../../change/change-argument.ts";
import { defineCommand } from "../../command.ts";

export const command = defineCommand({
  arguments: [changeArgument, { name: "title", about: "what is to be done" }],
  options: [{ flags: "--stage <stage>", about: "stage it belongs to; the current one when left out" }],
  examples: ['change-mgmt step add CHG-12 "Tell the bot team"'],
  answers: "changes.addStep",
  parse: (given) => ({ id: given.word("change"), title: given.word("title"), stage: given.text("stage") }),
  async run(context, { id, title, stage }) {
    const body = { title, ...(stage === undefined ? {} : { stage }) };
    return changeAnswer(await context.client("changes.addStep", { params: { id }, body }), "step added");
  },
});
