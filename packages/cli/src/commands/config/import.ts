import { basename } from "node:path";
import { answer, defineCommand } from "../../command.ts";
import { readNamedFile } from "../../files.ts";
import { configLines } from "../../workspace/config-lines.ts";

export const command = defineCommand({
  about:
    "The first import sets the workspace up; once a configuration is in force, an approved change has to carry the next.",
  arguments: [{ name: "file", about: "change-mgmt.yaml of the working folder when left out", optional: true }],
  options: [{ flags: "--change <change>", about: "the approved change that carries this configuration" }],
  examples: ["change-mgmt config import", "change-mgmt config import change-mgmt.yaml --change=CHG-12"],
  answers: "config.import",
  parse: (given) => ({ file: given.optionalWord("file") ?? "change-mgmt.yaml", change: given.text("change") }),
  async run(context, { file, change }) {
    const text = await readNamedFile(context, file);
    const config = await context.client("config.import", {
      body: { file: basename(file), text, ...(change ? { change } : {}) },
    });
    return answer(config, configLines);
  },
});
