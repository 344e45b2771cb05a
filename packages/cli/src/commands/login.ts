import { ProblemError } from "@change-mgmt/api/client.ts";
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
  options: [
    { flags: "--code <code>", about: "the code of a one-time link" },
    { flags: "--factor <code>", about: "with a link: six digits of one's second factor, or a recovery code" },
  ],
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
    const factor = given.text("factor");
    if (factor !== undefined && link === undefined && code === undefined)
      throw usage(
        "A second factor goes with a link or its code.",
        "Give the link too; a token needs no second factor.",
      );
    const address = link ?? (code?.includes("://") ? code : undefined);
    return { ...(address === undefined ? { code } : readSignInLink(address)), factor };
  },
  async run(
    context,
    { code, factor, server }: { code: string | undefined; factor: string | undefined; server?: string },
  ) {
    const address = serverAddress(server ?? (await context.connection()).address);
    const at = (token?: string) =>
      lazyClient(context, async () => ({ address, from: "option", ...(token ? { token } : {}) }));
    const exchange = (link: string, second?: string) =>
      at()("links.exchange", { body: { code: link, ...(second === undefined ? {} : { factor: second }) } });
    const made =
      code === undefined
        ? undefined
        : await exchange(code, factor).catch(async (error: unknown) => {
            // The link is not used up by an attempt without the second factor.
            const asked = error instanceof ProblemError && error.problem.code === "FACTOR_REQUIRED";
            if (!asked || factor !== undefined || !context.stdin.isTTY) throw error;
            return await exchange(code, await readSecret(context, "Code of your second factor: "));
          });
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
