import { answer, defineCommand } from "../../command.ts";
import { onePiece, writeWhole } from "../../files.ts";

export const command = defineCommand({
  about: `The server makes a new key, lets the old one sign that it comes next, and forgets the old one. Exports and checkpoints of before verify with the old public key as ever.
Where the key comes from CHANGE_MGMT_AUDIT_KEY it is replaced there: docs/operations.md, Keys.`,
  options: [{ flags: "--output <file>", about: "file to write the new public key to, for audit verify --key" }],
  examples: ["change-mgmt audit rotate-key --output=audit-2.pub"],
  answers: "audit.rotateKey",
  parse: (given) => given.text("output"),
  async run(context, output) {
    const key = await context.client("audit.rotateKey");
    if (output !== undefined) await writeWhole(context, output, onePiece(`${key.publicKey}\n`));
    return answer(key, (clean) => [
      `Seals are signed with ${clean.keyId} from now on, named by ${clean.endorsedBy}.`,
      ...(output === undefined ? [clean.publicKey] : [`${output}: its public key.`]),
      "Hand it to whoever verifies exports.",
    ]);
  },
});
