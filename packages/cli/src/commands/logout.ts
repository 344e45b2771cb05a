import { answer, defineCommand } from "../command.ts";
import { lazyClient } from "../connection/client.ts";
import { type LoginFile, readLogins, writeLogins } from "../connection/login-file.ts";
import type { Context } from "../context.ts";

export const command = defineCommand({
  about: "A token that login made with a one-time link is revoked too; one that was handed in stays valid elsewhere.",
  examples: ["change-mgmt logout", "change-mgmt logout --server=https://changes.example"],
  parse: () => undefined,
  async run(context) {
    const { address } = await context.connection();
    const file = await readLogins(context.env);
    const login = file.logins[address];
    const revoked = login?.tokenId !== undefined && (await revoke(context, address, login));
    const { [address]: _, ...logins } = file.logins;
    await writeLogins(context.env, {
      current: file.current === address ? (Object.keys(logins)[0] ?? null) : file.current,
      logins,
    });
    return answer({ server: address, wasSignedIn: login !== undefined, revoked }, (clean) => [
      clean.wasSignedIn
        ? `Signed out of ${clean.server}${clean.revoked ? "; the token is revoked" : ""}.`
        : `There was no sign-in to ${clean.server}.`,
    ]);
  },
});

/** Signing out must not depend on the server, so what goes wrong there is said and no more. */
async function revoke(
  context: Context,
  address: string,
  { token, tokenId }: LoginFile["logins"][string],
): Promise<boolean> {
  try {
    const client = lazyClient(context, async () => ({ address, token, from: "login" }));
    await client("tokens.revoke", { params: { id: tokenId! } });
    return true;
  } catch (error) {
    context.say(`The token could not be revoked: ${(error as Error).message} It is forgotten here all the same.`);
    return false;
  }
}
