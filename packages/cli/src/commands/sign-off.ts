import { changeArgument } from "../change/change-argument.ts";
import { deploymentAnswer } from "../change/watch-deployment.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  arguments: [changeArgument, { name: "step", about: "id of the step that waits, as deploy and show name it" }],
  options: [{ flags: "--note <text>", about: "what was done" }],
  examples: ['change-mgmt sign-off CHG-12 manual.step-1 --note="Switched on at 14:02"'],
  answers: "changes.signOff",
  parse: (given) => ({ id: given.word("change"), step: given.word("step"), note: given.text("note") }),
  async run(context, { id, step, note }) {
    const body = { step, ...(note === undefined ? {} : { note }) };
    return deploymentAnswer(await context.client("changes.signOff", { params: { id }, body }));
  },
});
