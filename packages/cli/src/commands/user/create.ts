import { answer, defineCommand } from "../../command.ts";
import { positionOption, readPositions, readRoles, roleOption, userLines } from "../../people/user-options.ts";

export const command = defineCommand({
  about: "People sign in with a one-time link (change-mgmt link), machines with a token (change-mgmt token create).",
  arguments: [{ name: "handle", about: "short name: lower-case letters, digits, dot, dash" }],
  options: [
    { flags: "--name <name>", about: "full name" },
    { flags: "--email <address>", about: "mail address" },
    roleOption,
    { flags: "--team <team>", about: "team to join", repeatable: true },
    positionOption,
  ],
  examples: ['change-mgmt user create ada --name="Ada Lovelace" --role=developer --team=data'],
  answers: "users.create",
  parse: (given) => ({
    handle: given.word("handle"),
    name: given.text("name") ?? given.word("handle"),
    email: given.text("email"),
    roles: readRoles(given.list("role")),
    teams: given.list("team"),
    positions: readPositions(given.list("position")),
  }),
  async run(context, { handle, name, email, roles, teams, positions }) {
    const user = await context.client("users.create", {
      body: {
        handle,
        name,
        ...(email ? { email } : {}),
        ...(roles.length > 0 ? { roles } : {}),
        teams: [...teams],
        positions,
      },
    });
    return answer(user, userLines);
  },
});
