import { answer, defineCommand } from "../../command.ts";
import { onePiece, writeWhole } from "../../files.ts";
import { cannotRun } from "../../stop.ts";

export const command = defineCommand({
  about:
    "A key fetched from the server proves nothing against that server: compare it with the one that its operator handed you.",
  options: [{ flags: "--output <file>", about: "file to write the newest key to, for audit verify --key" }],
  examples: ["change-mgmt audit keys", "change-mgmt audit keys --output=audit.pub"],
  answers: "audit.keys",
  parse: (given) => given.text("output"),
  async run(context, output) {
    const keys = await context.client("audit.keys");
    if (output === undefined)
      return answer(keys, (clean) =>
        clean.items.map((key) => `${key.keyId}  ${key.publicKey}  since ${key.createdAt}`),
      );
    const newest = keys.items[0];
    if (!newest)
      throw cannotRun("NOTHING_SEALED", "Nothing was sealed yet, so there is no key.", "Try again in a moment.");
    await writeWhole(context, output, onePiece(`${newest.publicKey}\n`));
    return answer({ ...keys, output }, (clean) => [`${clean.output}: the key ${newest.keyId}.`]);
  },
});
