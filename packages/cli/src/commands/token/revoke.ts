import { answer, defineCommand } from "../../command.ts";

export const command = defineCommand({
  arguments: [{ name: "token", about: "id of the token, as token list shows it" }],
  examples: ["change-mgmt token revoke 019ab3c2-7d1e-7c44-9a55-0d4d1f6c2b11"],
  parse: (given) => given.word("token"),
  async run(context, id) {
    await context.client("tokens.revoke", { params: { id } });
    return answer({ id, revoked: true }, (clean) => [`Token ${clean.id} is revoked.`]);
  },
});
