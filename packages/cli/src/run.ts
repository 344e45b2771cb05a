import { CommanderError } from "commander";
import { catalogue, nouns } from "./catalogue.ts";
import type { Answer } from "./command.ts";
import { type Context, makeContext } from "./context.ts";
import { type Io, writeFully } from "./io.ts";
import { pageOf } from "./output/page.ts";
import { plain } from "./output/plain-text.ts";
import { troubleLines } from "./output/trouble.ts";
import { locate, parseLine } from "./program.ts";
import { Stop, type Trouble, usage } from "./stop.ts";

/** Runs one line (without `node` and the script) and answers with the exit code. Never throws for an expected "no". */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const json = wantsJson(argv);
  try {
    return await obey(argv, io);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const stop = await asStop(error, argv);
    if (!stop) {
      if (json) await writeFully(io.stdout, document({ ok: false, problem: unexpected(error) }));
      throw error;
    }
    if (json) await writeFully(io.stdout, document({ ok: false, problem: stop.trouble }));
    else await writeFully(io.stderr, `${troubleLines(stop.trouble, pageOf(io, io.stderr)).join("\n")}\n`);
    return stop.exit;
  }
}

async function obey(argv: readonly string[], io: Io): Promise<number> {
  let help = "";
  const keep = (text: string) => {
    help += text;
  };
  try {
    const entry = locate(argv.length === 0 ? ["--help"] : argv, keep);
    const { command } = await entry.load();
    const { given, json, server } = parseLine(argv, entry, command, keep);
    const context = makeContext(io, { json: json || wantsJson(argv), server });
    const answer = await command.run(context, command.parse(given) as never);
    await print(answer, context);
    return answer.exit;
  } finally {
    if (help) await writeFully(io.stdout, help);
  }
}

async function print(answer: Answer, context: Context): Promise<void> {
  if (answer.document === undefined) return;
  if (context.json)
    return writeFully(context.stdout, document({ ok: answer.exit === 0, ...(answer.document as object) }));
  const lines = await answer.lines(plain(answer.document), pageOf(context, context.stdout));
  if (lines.length > 0) await writeFully(context.stdout, `${lines.join("\n")}\n`);
}

/** The same document in JSON, with what a terminal would obey or turn around escaped: JSON itself leaves much of that as it is. */
function document(value: object): string {
  const escaped = (one: string) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${JSON.stringify(value, null, 2).replace(/[\u007f-\u009f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/g, escaped)}\n`;
}

function unexpected(error: unknown): Trouble {
  return {
    code: "UNEXPECTED",
    detail: String(error),
    hint: "This is a defect of change-mgmt; stderr says where it happened.",
  };
}

function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  const words = argv.slice(0, end < 0 ? argv.length : end);
  return words.some((word, at) => word === "--json" || word === "--format=json" || isFormat(words, at));
}

function isFormat(words: readonly string[], at: number): boolean {
  return words[at] === "--format" && words[at + 1] === "json";
}

/** What a server answers to somebody it does not know, where what it advises is for programs. */
const SIGN_IN_AGAIN: ReadonlySet<string> = new Set(["NOT_SIGNED_IN", "TOKEN_INVALID"]);
const TO_SIGN_IN =
  "Sign in with `change-mgmt login LINK`; the first start prints a link, later `change-mgmt link NAME` makes one. A program sets CHANGE_MGMT_TOKEN.";

async function asStop(error: unknown, argv: readonly string[]): Promise<Stop | undefined> {
  if (error instanceof Stop) return error;
  if (error instanceof CommanderError) return misused(error, argv);
  if (!(error instanceof Error) || error.name !== "ProblemError") return undefined;
  const { ProblemError } = await import("@change-mgmt/api/client.ts");
  if (!(error instanceof ProblemError)) return undefined;
  const { code, detail, place, problems, details, status } = error.problem;
  const hint = SIGN_IN_AGAIN.has(code) ? TO_SIGN_IN : error.problem.hint;
  const more = { ...(place && { place }), ...(problems && { problems }), ...(details && { details }) };
  return new Stop(status >= 500 || code === "UNEXPECTED_ANSWER" ? 3 : 1, { code, detail, hint, ...more });
}

/** Wrong usage in our words: the parser's sentence, and the nearest right word as the hint. */
function misused(error: CommanderError, argv: readonly string[]): Stop {
  const noun = argv.findLast((word) => Object.hasOwn(nouns, word));
  if (error.code === "commander.help" && noun) {
    const verbs = catalogue.map(({ path }) => path.split(" ")).filter(([first, second]) => first === noun && second);
    return usage(`"${noun}" needs to know what to do.`, `One of: ${verbs.map((path) => path.join(" ")).join(", ")}.`);
  }
  if (error.code === "commander.help") return usage("No command was given.", "change-mgmt help lists the commands.");
  const [sentence = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
  const nearest = suggestion?.replace(/^\((.*)\)$/, "$1");
  return usage(
    `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}${sentence.endsWith(".") ? "" : "."}`,
    nearest ?? "change-mgmt help lists the commands; --help after a command shows its options.",
  );
}
