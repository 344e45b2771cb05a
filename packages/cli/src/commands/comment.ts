import { changeArgument } from "../change/change-argument.ts";
import { commentLines } from "../change/change-page.ts";
import { answer, defineCommand } from "../command.ts";
import { listAll } from "../pages.ts";

export const command = defineCommand({
  arguments: [changeArgument, { name: "text", about: "the comment; without it, the comments so far", optional: true }],
  examples: ['change-mgmt comment CHG-12 "Waiting for the bot team"', "change-mgmt comment CHG-12"],
  answers: "changes.comment",
  parse: (given) => ({ id: given.word("change"), text: given.optionalWord("text") }),
  async run(context, { id, text }) {
    const params = { id };
    if (text !== undefined) {
      const comment = await context.client("changes.comment", { params, body: { text } });
      return answer(comment, (clean, page) => commentLines([clean], page));
    }
    const { items } = await listAll(true, {}, (query) => context.client("changes.comments", { params, query }));
    return answer({ items }, (clean, page) =>
      clean.items.length > 0 ? commentLines(clean.items, page) : ["No comments."],
    );
  },
});
