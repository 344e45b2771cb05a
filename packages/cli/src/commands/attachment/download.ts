import { createHash } from "node:crypto";
import { answer, defineCommand } from "../../command.ts";
import { bodyOf, writeWhole } from "../../files.ts";
import { writeFully } from "../../io.ts";
import { cannotRun, usage } from "../../stop.ts";

export const command = defineCommand({
  about: "The bytes are held against the hash that the server keeps; a file appears only when it is whole.",
  arguments: [{ name: "attachment", about: "id of the attachment, as `change-mgmt attachments` shows it" }],
  options: [{ flags: "--output <file>", about: "file to write; stdout when left out" }],
  examples: [
    "change-mgmt attachment download 019ab3c2-7d1e-7c44-9a55-0d4d1f6c2b11 --output=junit.xml",
    "change-mgmt attachment download 019ab3c2-7d1e-7c44-9a55-0d4d1f6c2b11 | less",
  ],
  parse: (given) => ({ id: given.word("attachment"), output: given.text("output") }),
  async run(context, { id, output }) {
    if (output === undefined && (context.json || context.stdout.isTTY))
      throw usage(
        context.json ? "The bytes of a file are no JSON document." : "The bytes of a file are not for a terminal.",
        "Add --output=FILE, or send them on with a pipe.",
      );
    const response = await context.client("attachments.download", { params: { id } });
    const [, expected] = /sha-256=:([^:]+):/.exec(response.headers.get("repr-digest") ?? "") ?? [];
    const pieces = checked(bodyOf(response), expected && Buffer.from(expected, "base64").toString("hex"));
    if (output !== undefined) {
      const bytes = await writeWhole(context, output, pieces);
      return answer({ output, bytes }, (clean) => [`${clean.output}: ${clean.bytes} bytes`]);
    }
    for await (const piece of pieces) await writeFully(context.stdout, piece);
    return { document: undefined, lines: () => [], exit: 0 };
  },
});

/** The pieces as they come; fails at the end where they are not the bytes that were attached. */
async function* checked(pieces: AsyncIterable<Uint8Array>, sha256: string | undefined): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
  if (sha256 !== undefined && hash.digest("hex") !== sha256)
    throw cannotRun("ATTACHMENT_DAMAGED", "What came is not what was attached.", "Try again.");
}
