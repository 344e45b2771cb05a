import { answer, defineCommand } from "../command.ts";
import { ago } from "../output/times.ts";

export const command = defineCommand({
  about: "Whoever opens the link first is signed in as that person; it works once. Hand it over in private.",
  arguments: [{ name: "user", about: "handle of the person" }],
  examples: ["change-mgmt link ada"],
  answers: "links.create",
  parse: (given) => given.word("user"),
  async run(context, user) {
    const link = await context.client("links.create", { body: { user } });
    return answer(link, (clean, page) => [
      clean.url,
      page.colours.dim(`works once, until ${clean.expiresAt} (${ago(clean.expiresAt, page.now)})`),
    ]);
  },
});
