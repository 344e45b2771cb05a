import { changeAnswer } from "../change/change-answer.ts";
import { changeArgument } from "../change/change-argument.ts";
import { defineCommand } from "../command.ts";

export const command = defineCommand({
  about: "Nothing begins by itself then; what has begun goes on.",
  arguments: [changeArgument],
  options: [{ flags: "--environment <name>", about: "where it would have gone" }],
  examples: ["change-mgmt unschedule CHG-12 --environment=production"],
  answers: "changes.unschedule",
  parse: (given) => ({ id: given.word("change"), environment: given.required("environment") }),
  run: async (context, { id, environment }) =>
    changeAnswer(
      await context.client("changes.unschedule", { params: { id }, body: { environment } }),
      "begins by itself no more",
    ),
});
