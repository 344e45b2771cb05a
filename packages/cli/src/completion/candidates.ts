import { catalogue, type Entry, nouns } from "../catalogue.ts";
import type { AnyCommand, OptionSpec } from "../command.ts";
import type { Context } from "../context.ts";
import { knownNames } from "./known-names.ts";

/** What the last of the words could become; empty when the shell should offer file names. */
export async function candidates(context: Context, typed: readonly string[]): Promise<string[]> {
  const { words, current, cut } = joinAssignments(typed);
  const found = longestPath(words);
  if (!found.entry) return nextWords(words.slice(0, found.length)).filter((word) => word.startsWith(current));
  const { command } = await found.entry.load();
  const options = allOptions(command);
  const rest = words.slice(found.length);
  const offered = await offers(context, command, options, rest, current);
  return offered.filter((one) => one.startsWith(current)).map((one) => (cut ? one.slice(one.indexOf("=") + 1) : one));
}

/** Bash breaks words at "="; its pieces are joined again, and `cut` says that it wants only what comes after. */
function joinAssignments(typed: readonly string[]): { words: string[]; current: string; cut: boolean } {
  const words: string[] = [];
  let cut = false;
  for (let at = 0; at < typed.length; at += 1) {
    cut = typed[at] === "=" && (words.at(-1)?.startsWith("--") ?? false);
    if (cut) words[words.length - 1] += `=${typed[++at] ?? ""}`;
    else words.push(typed[at]!);
  }
  return { current: words.pop() ?? "", words, cut };
}

function longestPath(words: readonly string[]): { entry: Entry | undefined; length: number } {
  const start = words.findIndex((word) => !word.startsWith("-"));
  if (start < 0) return { entry: undefined, length: 0 };
  for (const length of [2, 1]) {
    const path = words.slice(start, start + length).join(" ");
    const entry = catalogue.find((one) => one.path === path);
    if (entry) return { entry, length: start + entry.path.split(" ").length };
  }
  return { entry: undefined, length: words.length };
}

function nextWords(before: readonly string[]): string[] {
  const noun = before.at(-1);
  if (noun !== undefined)
    return catalogue.filter(({ path }) => path.startsWith(`${noun} `)).map(({ path }) => path.split(" ")[1]!);
  const verbs = catalogue.filter(({ path, hidden }) => !hidden && !path.includes(" ")).map(({ path }) => path);
  return [...verbs, ...Object.keys(nouns)].sort();
}

function allOptions(command: AnyCommand): readonly OptionSpec[] {
  return [
    ...(command.options ?? []),
    ...(command.arguments?.[0]?.name === "change" ? [{ flags: "--change-id <change>", about: "" }] : []),
    ...(command.offline ? [] : [{ flags: "--server <url>", about: "" }]),
    { flags: "--json", about: "" },
    { flags: "--help", about: "" },
  ];
}

async function offers(
  context: Context,
  command: AnyCommand,
  options: readonly OptionSpec[],
  rest: readonly string[],
  current: string,
): Promise<readonly string[]> {
  const { operands, pending } = split(rest, options);
  if (pending) return pending.choices ?? knownNames(context, valueName(pending), operands);
  if (current.startsWith("--")) {
    const [flag = ""] = current.split("=");
    const option = current.includes("=") ? options.find((one) => flagOf(one) === flag) : undefined;
    if (!option) return options.map((one) => (valueName(one) ? `${flagOf(one)}=` : flagOf(one)));
    const values = option.choices ?? (await knownNames(context, valueName(option), operands));
    return values.map((value) => `${flag}=${value}`);
  }
  const specs = command.arguments ?? [];
  const spec = specs[Math.min(operands.length, specs.length - 1)];
  if (!spec || (operands.length >= specs.length && !spec.rest)) return [];
  return knownNames(context, spec.name, operands);
}

/** Operands so far, and the option whose value comes next. A change named by --change-id stands first, as in Given. */
function split(rest: readonly string[], options: readonly OptionSpec[]) {
  const operands: string[] = [];
  let pending: OptionSpec | undefined;
  for (const word of rest) {
    if (pending) {
      if (flagOf(pending) === "--change-id") operands.unshift(word);
      pending = undefined;
    } else if (word.startsWith("--change-id=")) operands.unshift(word.slice("--change-id=".length));
    else if (word.startsWith("-"))
      pending = options.find((one) => flagOf(one) === word && valueName(one) !== undefined);
    else operands.push(word);
  }
  return { operands, pending };
}

function flagOf({ flags }: OptionSpec): string {
  return flags.split(" ")[0]!;
}

function valueName({ flags }: OptionSpec): string | undefined {
  return /<(.+)>$/.exec(flags)?.[1] && (/^--environment /.test(flags) ? "environment" : /<(.+)>$/.exec(flags)?.[1]);
}
