import { resolve } from "node:path";
import { answer, defineCommand } from "../../command.ts";
import { readNamedFile } from "../../files.ts";
import { explanationLines } from "../../process/explanation-lines.ts";
import { refused } from "../../stop.ts";

export const command = defineCommand({
  about: `Says what a process asks of a change that is given in a file, and why: which rows spoke, which did not and for what reason, with the sources of the rows.
The file is YAML or JSON as worked examples write it under "given": type, fields, artifacts, environments, assessment, componentTeams, measured.`,
  arguments: [{ name: "folder", about: "folder of the process, with process.yaml" }],
  options: [{ flags: "--facts <file>", about: "what is known of the change" }],
  examples: ["change-mgmt process explain processes/itil --facts=change.yaml"],
  offline: true,
  parse: (given) => ({ folder: given.word("folder"), facts: given.required("facts") }),
  async run(context, { folder, facts }) {
    const { loadProcess } = await import("@change-mgmt/analysis/configuration/process-file.ts");
    const { explainText } = await import("@change-mgmt/analysis/configuration/explain.ts");
    const loaded = await loadProcess(resolve(context.cwd, folder));
    if (!loaded.ok) throw refused(loaded.refusal);
    const said = explainText(loaded.value.process, await readNamedFile(context, facts), facts);
    if (!said.ok) throw refused(said.refusal);
    return answer(said.value, explanationLines);
  },
});
