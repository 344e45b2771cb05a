import type { ArgumentSpec } from "./command.ts";
import { usage } from "./stop.ts";

/** An option as it was typed, in the order of the line: its name in camelCase and its value. */
export type Typed = readonly [name: string, value: string];

/** What was typed after a command's path. Names of options are in camelCase. */
export class Given {
  readonly #specs: readonly ArgumentSpec[];
  readonly #words: readonly string[];
  readonly #options: Readonly<Record<string, unknown>>;
  /** Options with a value, in the order they were typed, for groups such as `--migration a --down b`. */
  readonly ordered: readonly Typed[];

  constructor(
    specs: readonly ArgumentSpec[],
    words: readonly string[],
    options: Readonly<Record<string, unknown>>,
    ordered: readonly Typed[] = [],
  ) {
    this.#specs = specs;
    const named = specs[0]?.name === "change" ? options.changeId : undefined;
    this.#words = typeof named === "string" ? [named, ...words] : words;
    this.#options = options;
    this.ordered = ordered;
    const last = specs.at(-1);
    const most = last?.rest ? Number.POSITIVE_INFINITY : specs.length;
    const extra = this.#words[most];
    if (extra !== undefined)
      throw usage(
        `"${extra}" is one argument too many.`,
        "Put quotes around values with spaces; --help shows what is expected.",
      );
  }

  /** A required argument. */
  word(name: string): string {
    const value = this.optionalWord(name);
    if (value !== undefined) return value;
    const spec = this.#specs.find((one) => one.name === name);
    throw usage(
      `<${name}> is missing${spec ? `: ${spec.about}` : ""}.`,
      "--help shows what is expected, with an example.",
    );
  }

  optionalWord(name: string): string | undefined {
    const value = this.#words[this.#specs.findIndex((spec) => spec.name === name)];
    return value === undefined || value === "" ? undefined : value;
  }

  /** All words from that argument on. */
  rest(name: string): readonly string[] {
    return this.#words.slice(this.#specs.findIndex((spec) => spec.name === name));
  }

  text(option: string): string | undefined {
    const value = this.#options[option];
    return typeof value === "string" ? value : undefined;
  }

  /** A required option. */
  required(option: string): string {
    const value = this.text(option);
    if (value !== undefined && value !== "") return value;
    throw usage(`--${kebab(option)} is missing.`, "--help shows what is expected, with an example.");
  }

  list(option: string): readonly string[] {
    const value = this.#options[option];
    return Array.isArray(value) ? (value as string[]) : [];
  }

  flag(option: string): boolean {
    return this.#options[option] === true;
  }

  /** True for `--x`, false for `--no-x`, null for neither; both have to be declared. */
  choice(option: string): boolean | null {
    const value = this.#options[option];
    return typeof value === "boolean" ? value : null;
  }

  /** A whole number within its limits, or undefined when it was not given. */
  whole(option: string, least: number, most: number): number | undefined {
    const text = this.text(option);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw usage(
      `--${kebab(option)}=${text} is not a whole number from ${least} to ${most}.`,
      `Give a number such as --${kebab(option)}=${least}.`,
    );
  }
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
