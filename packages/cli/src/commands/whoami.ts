import { answer, defineCommand } from "../command.ts";

export const command = defineCommand({
  examples: ["change-mgmt whoami"],
  answers: "me",
  parse: () => undefined,
  async run(context) {
    const me = await context.client("me");
    const { address } = await context.connection();
    return answer({ ...me, server: address }, (clean, { colours }) => [
      `${colours.bold(clean.handle)} (${clean.name}) at ${clean.server}`,
      `roles  ${clean.roles.join(", ") || "none"}`,
      `teams  ${clean.teams.join(", ") || "none"}`,
      ...(clean.scopes ? [`this token is limited to ${clean.scopes.join(", ")}`] : []),
      `may    ${clean.permissions.join(", ") || "nothing"}`,
    ]);
  },
});
