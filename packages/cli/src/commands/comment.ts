import { attachFiles } from "../change/attach-files.ts";
import { changeArgument } from "../change/change-argument.ts";
import { commentLines } from "../change/change-page.ts";
import { answer, defineCommand } from "../command.ts";
import { listAll } from "../pages.ts";
import { usage } from "../stop.ts";

export const command = defineCommand({
  arguments: [changeArgument, { name: "text", about: "the comment; without it, the comments so far", optional: true }],
  options: [{ flags: "--attach <path>", about: "a file that the comment speaks of", repeatable: true }],
  examples: [
    'change-mgmt comment CHG-12 "Waiting for the bot team"',
    "change-mgmt comment CHG-12 'This is what I saw' --attach=shot.png",
    "change-mgmt comment CHG-12",
  ],
  answers: "changes.comment",
  parse(given) {
    const [id, text, files] = [given.word("change"), given.optionalWord("text"), given.list("attach")];
    if (files.length > 0 && text === undefined)
      throw usage("<text> is missing: a file stands beside a comment.", "Say something, or use 'change-mgmt attach'.");
    return { id, text, files };
  },
  async run(context, { id, text, files }) {
    const params = { id };
    if (text !== undefined) {
      const attachments = files.length > 0 ? await attachFiles(context, id, files, { again: true }) : [];
      const body = { text, ...(files.length > 0 ? { attachments: attachments.map((one) => one.id) } : {}) };
      const comment = await context.client("changes.comment", { params, body });
      return answer(comment, (clean, page) => commentLines([clean], page));
    }
    const { items } = await listAll(true, {}, (query) => context.client("changes.comments", { params, query }));
    return answer({ items }, (clean, page) =>
      clean.items.length > 0 ? commentLines(clean.items, page) : ["No comments."],
    );
  },
});
