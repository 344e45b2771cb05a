import { Command as Commander, CommanderError, Option } from "commander";
import packageFile from "../package.json" with { type: "json" };
import { catalogue, type Entry, nouns } from "./catalogue.ts";
import type { AnyCommand } from "./command.ts";
import { Given, type Typed } from "./given.ts";

export const VERSION = packageFile.version;

/** What a line asks for, once its command is known. */
export interface Asked {
  readonly given: Given;
  readonly json: boolean;
  readonly server: string | undefined;
}

const LEARN_MORE = `
Examples:
  $ change-mgmt create --type=add-field --title="Add user preferences"
  $ change-mgmt status --change-id=CHG-123
  $ change-mgmt help step complete

Exit codes: 0 fine, 1 findings or refused, 2 wrong usage, 3 could not run.
Environment: CHANGE_MGMT_SERVER, CHANGE_MGMT_TOKEN, NO_COLOR.`;

/** Finds the entry a line means without loading any command. Throws CommanderError for help, version and wrong usage. */
export function locate(argv: readonly string[], write: (text: string) => void): Entry {
  let found: Entry | undefined;
  const root = skeleton(write);
  for (const entry of catalogue)
    leaf(root, entry, write)
      .allowUnknownOption()
      .allowExcessArguments()
      .helpOption(false)
      .action(() => {
        found = entry;
      });
  root.parse(argv, { from: "user" });
  return found!;
}

/** Parses a line for its command. Throws CommanderError for help and wrong usage, and what Given throws. */
export function parseLine(
  argv: readonly string[],
  entry: Entry,
  command: AnyCommand,
  write: (text: string) => void,
): Asked {
  const ordered: Typed[] = [];
  const root = skeleton(write);
  const commander = leaf(root, entry, write);
  describe(commander, entry, command, ordered);
  commander.action(() => undefined);
  parseOrSuggest(root, argv);
  const options = commander.optsWithGlobals();
  return {
    given: new Given(command.arguments ?? [], commander.args, options, ordered),
    json: options.json === true,
    server: options.server as string | undefined,
  };
}

/** Parses; an unknown `--option=value` is judged without its value, since only then the parser can name the nearest. */
function parseOrSuggest(root: Commander, argv: readonly string[]): void {
  try {
    root.parse(argv, { from: "user" });
  } catch (error) {
    const unknown = error instanceof CommanderError && error.code === "commander.unknownOption";
    const assigned = unknown ? /'(--[^'=]+)=/.exec(error.message)?.[1] : undefined;
    if (assigned === undefined) throw error;
    root.parse(
      argv.map((word) => (word.startsWith(`${assigned}=`) ? assigned : word)),
      { from: "user" },
    );
  }
}

/** The page of all commands as text. */
export function overview(): string {
  const root = skeleton(() => undefined);
  for (const entry of catalogue) leaf(root, entry, () => undefined);
  return textOf(root);
}

/** The page of a noun and its verbs as text. */
export function nounPage(noun: string): string {
  const root = skeleton(() => undefined);
  for (const entry of catalogue) if (entry.path.startsWith(`${noun} `)) leaf(root, entry, () => undefined);
  return textOf(root.commands.find((one) => one.name() === noun)!);
}

/** The help page of a command as text. */
export function helpPage(entry: Entry, command: AnyCommand): string {
  const commander = leaf(
    skeleton(() => undefined),
    entry,
    () => undefined,
  );
  describe(commander, entry, command, []);
  return textOf(commander);
}

function textOf(commander: Commander): string {
  let text = "";
  commander.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  commander.outputHelp();
  return text;
}

function skeleton(write: (text: string) => void): Commander {
  const root = new Commander("change-mgmt")
    .description("Change management for the data layer: request, assess, approve, deploy, watch and roll back.")
    .usage("[--json] [--server <url>] <command> …")
    .enablePositionalOptions()
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand(false)
    .addHelpText("after", LEARN_MORE);
  return silent(everywhere(root, true), write);
}

function leaf(root: Commander, entry: Entry, write: (text: string) => void): Commander {
  const words = entry.path.split(" ");
  let parent = root;
  if (words.length > 1) parent = group(root, words[0]!, write);
  const made = silent(parent.command(words.at(-1)!, { hidden: entry.hidden === true }), write);
  made.description(entry.summary).helpGroup(`${entry.group}:`);
  return made;
}

function group(root: Commander, noun: string, write: (text: string) => void): Commander {
  const known = root.commands.find((one) => one.name() === noun);
  if (known) return known;
  const { summary, group: heading } = nouns[noun]!;
  const made = everywhere(silent(root.command(noun), write), true)
    .description(summary)
    .helpGroup(`${heading}:`);
  return made.enablePositionalOptions().usage("<command> …").helpOption("-h, --help", "print help").helpCommand(false);
}

function silent(commander: Commander, write: (text: string) => void): Commander {
  return commander
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => undefined, outputError: () => undefined });
}

function everywhere(commander: Commander, server: boolean): Commander {
  commander.addOption(new Option("--json", "print one JSON document").helpGroup("Everywhere:"));
  if (server)
    commander.addOption(
      new Option(
        "--server <url>",
        "the server to speak to (else CHANGE_MGMT_SERVER, the login, this machine)",
      ).helpGroup("Everywhere:"),
    );
  return commander;
}

function describe(commander: Commander, entry: Entry, command: AnyCommand, ordered: Typed[]): void {
  const words = command.arguments ?? [];
  commander.description(command.about ? `${entry.summary}\n\n${command.about}` : entry.summary);
  commander.usage(
    ["[options]", ...words.map((word) => bracket(`${word.name}${word.rest ? "…" : ""}`, word.optional))].join(" "),
  );
  commander.allowExcessArguments().helpOption("-h, --help", "print this help");
  for (const word of words) commander.argument(`[${word.name}${word.rest ? "..." : ""}]`, word.about);
  for (const spec of command.options ?? []) {
    const option = new Option(spec.flags, spec.repeatable ? `${spec.about} (repeatable)` : spec.about);
    if (spec.choices) option.choices(spec.choices);
    const check = option.parseArg as ((value: string, previous: unknown) => unknown) | undefined;
    if (option.required || option.optional)
      option.argParser((value: string, previous: string[] | undefined) => {
        check?.(value, undefined);
        ordered.push([option.attributeName(), value]);
        return (spec.repeatable ? [...(previous ?? []), value] : value) as string[];
      });
    commander.addOption(option);
  }
  if (words[0]?.name === "change")
    commander.addOption(new Option("--change-id <change>", "the change, instead of the first argument"));
  everywhere(commander, !command.offline);
  commander.addHelpText("after", `\nExamples:\n${command.examples.map((line) => `  $ ${line}`).join("\n")}`);
}

function bracket(name: string, optional: boolean | undefined): string {
  return optional ? `[${name}]` : `<${name}>`;
}
