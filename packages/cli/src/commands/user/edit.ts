import { answer, defineCommand } from "../../command.ts";
import { positionOption, readPositions, readRoles, roleOption, userLines } from "../../people/user-options.ts";
import { usage } from "../../stop.ts";

export const command = defineCommand({
  about:
    "Roles and positions that are given replace all those the person had. For teams: change-mgmt team add and remove.",
  arguments: [{ name: "handle", about: "whom" }],
  options: [
    { flags: "--name <name>", about: "full name" },
    { flags: "--email <address>", about: 'mail address; "none" takes it away' },
    roleOption,
    positionOption,
    { flags: "--disable", about: "no longer lets the person in" },
    { flags: "--enable", about: "lets the person in again" },
  ],
  examples: ["change-mgmt user edit ada --role=developer --role=team-lead", "change-mgmt user edit ada --disable"],
  answers: "users.edit",
  parse(given) {
    const [disable, enable] = [given.flag("disable"), given.flag("enable")];
    if (disable && enable) throw usage("Both --disable and --enable were given.", "Give one of them.");
    const [name, email] = [given.text("name"), given.text("email")];
    const roles = readRoles(given.list("role"));
    const positions = readPositions(given.list("position"));
    const body = {
      ...(name === undefined ? {} : { name }),
      ...(email === undefined ? {} : { email: email === "none" ? null : email }),
      ...(roles.length > 0 ? { roles } : {}),
      ...(positions.length > 0 ? { positions } : {}),
      ...(disable || enable ? { disabled: disable } : {}),
    };
    if (Object.keys(body).length === 0)
      throw usage("Nothing to change was named.", "Give at least one option; --help lists them.");
    return { handle: given.word("handle"), body };
  },
  run: async (context, { handle, body }) =>
    answer(await context.client("users.edit", { params: { name: handle }, body }), userLines),
});
