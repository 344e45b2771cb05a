import { changeArgument } from "../change/change-argument.ts";
import { answer, defineCommand } from "../command.ts";
import { writeWhole } from "../files.ts";
import { writeFully } from "../io.ts";
import { usage } from "../stop.ts";

export const command = defineCommand({
  about:
    "The file has the form of the process's template: Markdown or YAML, or the YAML of `create --from` where it has none. `import` reads it again, and nothing is lost on the way.",
  arguments: [{ ...changeArgument, optional: true }],
  options: [
    { flags: "--template", about: "the empty template of a process instead of a change" },
    { flags: "--process <name>", about: "process whose template it is" },
    { flags: "--output <file>", about: "file to write; standard output when left out" },
  ],
  examples: [
    "change-mgmt export CHG-12 --output=CHG-12.md",
    "change-mgmt export --template --process=itil > change.md",
    "change-mgmt export CHG-12 --json",
  ],
  parse(given) {
    const [id, process] = [given.optionalWord("change"), given.text("process")];
    if (given.flag("template")) {
      if (id !== undefined) throw usage("A change and --template exclude each other.", "Take one of them.");
      if (process === undefined) throw usage("--process is missing.", "Name the process whose template it is.");
      return { what: "template" as const, process, output: given.text("output") };
    }
    if (id === undefined) throw usage("<change> is missing: number or id of a change.", "Name it, or give --template.");
    if (process !== undefined) throw usage("--process belongs to --template.", "A change has its own process.");
    return { what: "change" as const, id, output: given.text("output") };
  },
  async run(context, input) {
    const file =
      input.what === "change"
        ? await context.client("changes.file", { params: { id: input.id } })
        : await context.client("processes.template", { params: { name: input.process } });
    const { output } = input;
    if (output !== undefined) {
      const bytes = await writeWhole(context, output, pieces(file.text), 0o644);
      return answer({ output, bytes }, (clean) => [`${clean.output}: ${clean.bytes} bytes`]);
    }
    if (context.json) return answer(file, () => []);
    await writeFully(context.stdout, Buffer.from(file.text));
    return { document: undefined, lines: () => [], exit: 0 };
  },
});

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
