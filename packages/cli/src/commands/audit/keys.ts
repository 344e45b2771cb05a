import { readPublicKeys } from "../../audit/public-keys.ts";
import { endorsedKeys } from "../../audit/succession.ts";
import { answer, defineCommand } from "../../command.ts";
import { onePiece, writeWhole } from "../../files.ts";
import { cannotRun, Stop } from "../../stop.ts";

export const command = defineCommand({
  about: `A key fetched from the server proves nothing against that server: compare it with the one that its operator handed you.
Whoever has an earlier key gives it with --trusted: each rotation after it has to be signed by the key before.`,
  options: [
    { flags: "--output <file>", about: "file to write the newest key to, for audit verify --key" },
    {
      flags: "--trusted <file>",
      about: "a public key that is trusted: refuse a newest key that does not descend from it",
      repeatable: true,
    },
  ],
  examples: [
    "change-mgmt audit keys",
    "change-mgmt audit keys --output=audit.pub",
    "change-mgmt audit keys --trusted=audit.pub --output=audit-2.pub",
  ],
  answers: "audit.keys",
  parse: (given) => ({ output: given.text("output"), trusted: given.list("trusted") }),
  async run(context, { output, trusted }) {
    const keys = await context.client("audit.keys");
    const newest = keys.items[0];
    if (newest && trusted.length > 0) {
      const known = endorsedKeys(await readPublicKeys(context, trusted), keys.items);
      if (known[newest.keyId] !== newest.publicKey)
        throw new Stop(1, {
          code: "KEY_NOT_ENDORSED",
          detail: `No chain of rotations leads from the trusted key to ${newest.keyId}, the newest.`,
          hint: "Let the operator hand you the newest public key in person.",
        });
    }
    if (output === undefined)
      return answer(keys, (clean) =>
        clean.items.map(
          (key) =>
            `${key.keyId}  ${key.publicKey}  since ${key.createdAt}${key.endorsedBy === null ? "" : `, named by ${key.endorsedBy}`}`,
        ),
      );
    if (!newest)
      throw cannotRun("NOTHING_SEALED", "Nothing was sealed yet, so there is no key.", "Try again in a moment.");
    await writeWhole(context, output, onePiece(`${newest.publicKey}\n`));
    return answer({ ...keys, output }, (clean) => [`${clean.output}: the key ${newest.keyId}.`]);
  },
});
