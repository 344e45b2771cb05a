import { answer, defineCommand } from "../../command.ts";
import { teamLines } from "../../people/team-lines.ts";

export const command = defineCommand({
  arguments: [{ name: "name", about: "lower-case letters, digits and dashes" }],
  options: [{ flags: "--title <title>", about: "its name for people" }],
  examples: ['change-mgmt team create data --title="Data layer"'],
  answers: "teams.create",
  parse: (given) => ({ name: given.word("name"), title: given.text("title") }),
  run: async (context, { name, title }) =>
    answer(await context.client("teams.create", { body: { name, ...(title ? { title } : {}) } }), teamLines),
});
