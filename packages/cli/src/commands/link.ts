import { answer, defineCommand } from "../command.ts";
import { ago } from "../output/times.ts";

export const command = defineCommand({
  about: "Whoever opens the link first is signed in as that person; it works once. Hand it over in private.",
  arguments: [{ name: "user", about: "handle of the person" }],
  options: [
    { flags: "--hours <number>", about: "how long it can be used, 1 to 72; a quarter of an hour when left out" },
  ],
  examples: ["change-mgmt link ada", "change-mgmt link ada --hours=24"],
  answers: "links.create",
  parse: (given) => ({ user: given.word("user"), hours: given.whole("hours", 1, 72) }),
  async run(context, { user, hours }) {
    const body = { user, ...(hours === undefined ? {} : { hours }) };
    const link = await context.client("links.create", { body });
    return answer(link, (clean, page) => [
      clean.url,
      page.colours.dim(`works once, until ${clean.expiresAt} (${ago(clean.expiresAt, page.now)})`),
    ]);
  },
});
