import { answer, defineCommand } from "../../command.ts";
import { teamLines } from "../../people/team-lines.ts";

export const command = defineCommand({
  arguments: [
    { name: "team", about: "name of the team" },
    { name: "user", about: "handle of the person" },
  ],
  examples: ["change-mgmt team add data ada"],
  answers: "teams.addMember",
  parse: (given) => ({ name: given.word("team"), user: given.word("user") }),
  run: async (context, { name, user }) =>
    answer(await context.client("teams.addMember", { params: { name }, body: { user } }), teamLines),
});
