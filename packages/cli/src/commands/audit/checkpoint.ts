import { answer, defineCommand } from "../../command.ts";
import { onePiece, writeWhole } from "../../files.ts";

export const command = defineCommand({
  about: "Keep it where the server cannot reach: an export verified against it later cannot have lost its tail.",
  options: [{ flags: "--output <file>", about: "file to write; stdout when left out" }],
  examples: ["change-mgmt audit checkpoint --output=checkpoint.json"],
  answers: "audit.checkpoint",
  parse: (given) => given.text("output"),
  async run(context, output) {
    const checkpoint = await context.client("audit.checkpoint");
    const line = JSON.stringify(checkpoint);
    if (output === undefined) return answer(checkpoint, () => [line]);
    await writeWhole(context, output, onePiece(`${line}\n`));
    return answer({ ...checkpoint, output }, (clean) => [`${clean.output}: the seal of ${checkpoint.count} entries.`]);
  },
});
