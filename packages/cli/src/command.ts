import type { EndpointName } from "@change-mgmt/api/endpoints.ts";
import type { Context } from "./context.ts";
import type { Given } from "./given.ts";
import type { Page } from "./output/page.ts";

export interface ArgumentSpec {
  readonly name: string;
  readonly about: string;
  readonly optional?: boolean;
  /** Takes all remaining words; only the last one may. */
  readonly rest?: boolean;
}

export interface OptionSpec {
  /** As commander writes them: `--title <text>`, `--no-wait`, `--submit`. */
  readonly flags: string;
  readonly about: string;
  readonly repeatable?: boolean;
  readonly choices?: readonly string[];
}

/** What a command says: one document for machines, and the same in lines for people. */
export interface Answer {
  /** Undefined when the command has already written its data to stdout. */
  readonly document: unknown;
  lines(document: unknown, page: Page): readonly string[] | Promise<readonly string[]>;
  readonly exit: 0 | 1;
}

/** One command of the command line; its path and summary stand in catalogue.ts. */
export interface Command<Input> {
  /** More than the summary, for the help page. */
  readonly about?: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  readonly examples: readonly string[];
  /** Endpoint whose answer the JSON document carries; its schema is part of `help --json`. */
  readonly answers?: EndpointName;
  /** The schema of its JSON document, for a command that no endpoint answers; part of `help --json`. */
  document?(): Promise<{ toJSONSchema(): object }>;
  /** True for commands that never talk to a server, so that `--server` is not offered. */
  readonly offline?: boolean;
  /** From what was typed to plain values; throws usage(). */
  parse(given: Given): Input;
  run(context: Context, input: Input): Promise<Answer>;
}

/** A command whose input only its own parse makes. */
export interface AnyCommand extends Omit<Command<unknown>, "parse" | "run"> {
  parse(given: Given): unknown;
  run(context: Context, input: never): Promise<Answer>;
}

/** Declares a command; keeps the types of its input together. */
export function defineCommand<Input>(command: Command<Input>): Command<Input> {
  return command;
}

/** An answer with its document and how it reads; exit code 1 stands for findings. */
export function answer<T>(
  document: T,
  lines: (document: T, page: Page) => readonly string[] | Promise<readonly string[]>,
  exit: 0 | 1 = 0,
): Answer {
  return { document, lines: (clean, page) => lines(clean as T, page), exit };
}
