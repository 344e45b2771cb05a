import type { Context } from "../context.ts";
import { usage } from "../stop.ts";

const ENTER = new Set(["\r", "\n", "\u0004"]);
const RUB_OUT = new Set(["\u007f", "\b"]);
const BREAK = "\u0003";

/** A secret from stdin: typed without being shown on a terminal, else the piped text. */
export async function readSecret(context: Context, prompt: string): Promise<string> {
  const { stdin } = context;
  const secret = stdin.isTTY && stdin.setRawMode ? await typed(context, prompt) : await piped(context);
  if (/^[\x21-\x7e]+$/.test(secret)) return secret;
  throw usage(
    secret ? "What came from stdin is not a token." : "No token came from stdin.",
    "Pipe one in, such as: change-mgmt login < token.txt. Or use --code with a one-time link.",
  );
}

async function piped({ stdin }: Context): Promise<string> {
  let text = "";
  for await (const piece of stdin) text += typeof piece === "string" ? piece : Buffer.from(piece).toString("utf8");
  return text.trim();
}

async function typed({ stdin, stderr }: Context, prompt: string): Promise<string> {
  stderr.write(prompt);
  stdin.setRawMode?.(true);
  try {
    let secret = "";
    for await (const piece of stdin)
      for (const key of typeof piece === "string" ? piece : Buffer.from(piece).toString("utf8")) {
        if (ENTER.has(key)) return secret.trim();
        if (key === BREAK) throw usage("Interrupted.", "Nothing was kept.");
        secret = RUB_OUT.has(key) ? secret.slice(0, -1) : secret + key;
      }
    return secret.trim();
  } finally {
    stdin.setRawMode?.(false);
    stderr.write("\n");
  }
}
