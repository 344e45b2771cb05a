import { answer, defineCommand } from "../../command.ts";
import { bodyOf, writeWhole } from "../../files.ts";
import { writeFully } from "../../io.ts";
import { usage } from "../../stop.ts";

export const command = defineCommand({
  about:
    "One entry a line, the seal as last line; `audit verify` checks it offline. The file appears only when it is whole.",
  options: [{ flags: "--output <file>", about: "file to write; stdout when left out" }],
  examples: ["change-mgmt audit export --output=audit.jsonl", "change-mgmt audit export | gzip > audit.jsonl.gz"],
  parse: (given) => given.text("output"),
  async run(context, output) {
    if (output === undefined && context.json)
      throw usage(
        "An export is many documents, and --json prints one.",
        "Add --output=FILE, or leave --json out: the export is JSON Lines.",
      );
    const response = await context.client("audit.export");
    if (output !== undefined) {
      const bytes = await writeWhole(context, output, bodyOf(response));
      return answer({ output, bytes }, (clean) => [
        `${clean.output}: ${clean.bytes} bytes. Check it with: change-mgmt audit verify ${clean.output}`,
      ]);
    }
    for await (const piece of bodyOf(response)) await writeFully(context.stdout, piece);
    return { document: undefined, lines: () => [], exit: 0 };
  },
});
