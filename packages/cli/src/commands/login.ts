import { answer, defineCommand } from "../command.ts";
import { lazyClient } from "../connection/client.ts";
import { serverAddress } from "../connection/connection.ts";
import { loginPath, readLogins, writeLogins } from "../connection/login-file.ts";
import { readSecret } from "../connection/read-secret.ts";
import { readSignInLink } from "../connection/sign-in-link.ts";
import { usage } from "../stop.ts";

export const command = defineCommand({
  about:
    "With a one-time link or its code, a token is made for this machine; else a token is read from stdin. It is checked, then kept in the user's configuration folder, readable by its owner only, and used for this server from then on.",
  arguments: [{ name: "link", about: "a one-time sign-in link", optional: true }],
  options: [{ flags: "--code <code>", about: "the code of a one-time link" }],
  examples: [
    'change-mgmt login "http://127.0.0.1:7070/#sign-in=…"',
    "change-mgmt login --server=https://changes.example --code=…",
    "change-mgmt login --server=https://changes.example < token.txt",
  ],
  answers: "me",
  parse(given) {
    const link = given.optionalWord("link");
    const code = given.text("code");
    if (link !== undefined && code !== undefined)
      throw usage("Both a link and a code were given.", "Give one of them.");
    if (code?.includes("://")) return readSignInLink(code);
    return link === undefined ? { code } : readSignInLink(link);
  },
  async run(context, { code, server }: { code: string | undefined; server?: string }) {
    const address = serverAddress(server ?? (await context.connection()).address);
    const at = (token?: string) =>
      lazyClient(context, async () => ({ address, from: "option", ...(token ? { token } : {}) }));
    const made = code === undefined ? undefined : await at()("links.exchange", { body: { code } });
    const token = made?.secret ?? (await readSecret(context, `Token for ${address}: `));
    const me = await at(token)("me");
    const file = await readLogins(context.env);
    const login = { token, handle: me.handle, ...(made ? { tokenId: made.id } : {}) };
    await writeLogins(context.env, { current: address, logins: { ...file.logins, [address]: login } });
    return answer({ server: address, handle: me.handle, file: loginPath(context.env) }, (clean, { colours, signs }) => [
      `${colours.green(signs.yes)} signed in at ${clean.server} as ${colours.bold(clean.handle)}`,
      colours.dim(`kept in ${clean.file}`),
    ]);
  },
});
