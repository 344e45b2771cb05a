import type { Context } from "../context.ts";
import { readNamedFile } from "../files.ts";
import { Stop } from "../stop.ts";
import type { Artifact } from "./change-types.ts";

/** What a `--from` file may say; the server judges the fields and artifacts themselves. */
export interface ChangeFile {
  readonly process?: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly artifacts?: Artifact[];
  readonly submit?: boolean;
}

const KEYS = new Set(["process", "fields", "artifacts", "submit"]);

/** Reads a YAML or JSON file with `fields`, and perhaps `process`, `artifacts` and `submit`. */
export async function readChangeFile(context: Context, name: string): Promise<ChangeFile> {
  const { LineCounter, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  const document = parseDocument(await readNamedFile(context, name), { lineCounter: lines });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw wrong(name, error.message.split("\n")[0]!.replace(/ at line \d+, column \d+:?$/, ""), { line, column: col });
  }
  const value: unknown = document.toJS();
  if (!isRecord(value)) throw wrong(name, "It is not a list of keys and values.");
  const stranger = Object.keys(value).find((key) => !KEYS.has(key));
  if (stranger !== undefined) throw wrong(name, `It says "${stranger}", which is none of ${[...KEYS].join(", ")}.`);
  if (!isRecord(value.fields)) throw wrong(name, 'It has no "fields".');
  if (value.artifacts !== undefined && !Array.isArray(value.artifacts))
    throw wrong(name, 'Its "artifacts" are not a list.');
  return value as unknown as ChangeFile;
}

function wrong(file: string, what: string, at: { line?: number; column?: number } = {}): Stop {
  return new Stop(2, {
    code: "CHANGE_FILE_INVALID",
    detail: `${file} is not a change that can be created: ${what}`,
    hint: "Write the form under fields: with title, description, type and so on, one key a line.",
    place: { file, ...at },
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
