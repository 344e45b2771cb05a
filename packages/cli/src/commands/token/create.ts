import { answer, defineCommand } from "../../command.ts";

const SCOPES = ["read", "changes", "votes", "deployments", "reports", "administration"] as const;
type Scope = (typeof SCOPES)[number];

export const command = defineCommand({
  about: "The secret goes to stdout and can never be shown again.",
  arguments: [{ name: "name", about: "what it is for" }],
  options: [
    { flags: "--user <handle>", about: "for this person; for others than oneself only administrators" },
    {
      flags: "--scope <scope>",
      about: "limit it; without any it may do what its owner may",
      repeatable: true,
      choices: SCOPES,
    },
    { flags: "--expires-in-days <n>", about: "how long it is valid, 1 to 3650" },
  ],
  examples: ["change-mgmt token create ci --scope=read --scope=reports --expires-in-days=90"],
  answers: "tokens.create",
  parse: (given) => ({
    name: given.word("name"),
    user: given.text("user"),
    scopes: given.list("scope") as Scope[],
    expiresInDays: given.whole("expiresInDays", 1, 3650),
  }),
  async run(context, { name, user, scopes, expiresInDays }) {
    const more = {
      ...(user ? { user } : {}),
      ...(scopes.length > 0 ? { scopes } : {}),
      ...(expiresInDays ? { expiresInDays } : {}),
    };
    const token = await context.client("tokens.create", { body: { name, ...more } });
    if (!context.json)
      context.say(`Token "${token.name}" of ${token.user} (${token.id}). This is the only time it is shown:`);
    return answer(token, (clean) => [clean.secret]);
  },
});
