import { changeAnswer } from "../change/change-answer.ts";
import { changeArgument } from "../change/change-argument.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  about:
    "Takes back your votes on the content as it is now, those a stand-in cast for you included, and your recusal. What was decided by them already stays.",
  arguments: [changeArgument],
  options: [{ flags: "--requirement <id>", about: "only the vote on this requirement" }],
  examples: ["change-mgmt withdraw CHG-12"],
  answers: "changes.withdraw",
  parse: (given) => ({ id: given.word("change"), requirement: given.text("requirement") }),
  run: async (context, { id, requirement }) =>
    changeAnswer(
      await context.client("changes.withdraw", {
        params: { id },
        body: requirement === undefined ? {} : { requirement },
      }),
      "has your vote no more",
    ),
});
