import { createHash } from "node:crypto";
import { readMigrationFile } from "../sql/migration-file.ts";
import { splitStatements } from "../sql/statements.ts";
import type { Engine } from "./engine.ts";
import { createdExtension } from "./extensions.ts";
import type { BaseFile } from "./report.ts";

/** The base cannot be had here; the message is the reason to report. */
export class BaseNotRehearsable extends Error {}

/** Hears of each base statement before it runs, and of the end of a file with line null. */
export type BaseListener = (file: string, line: number | null) => void;

/**
 * Hex keys of the states after each file, the first of them the state before any. Equal files on an equal start have equal keys, so that
 * what was built for the first 799 files serves as the beginning of 800.
 */
export function stateKeys(start: readonly unknown[], files: readonly BaseFile[]): string[] {
  const next = (key: string, part: unknown) =>
    createHash("sha256").update(key).update(JSON.stringify(part)).digest("hex");
  const keys = [next("", start)];
  for (const file of files)
    keys.push(next(keys.at(-1)!, "sql" in file ? [file.name, file.sql] : [file.up, file.transactional]));
  return keys;
}

/** The text of a base file, whatever is in it. */
export function textOf(file: BaseFile): string {
  return "sql" in file ? file.sql : file.up;
}

/** Brings an engine from the state before a file to the state after it; throws BaseNotRehearsable with the place where it fails. */
export async function applyBaseFile(engine: Engine, file: BaseFile, onStatement: BaseListener): Promise<void> {
  const { text, firstLine, transactional } = await readBaseFile(file);
  const split = await splitStatements(text);
  if (!split.ok) return;
  const missing = split.value.map(createdExtension).find((name) => name !== null && !engine.hasExtension(name));
  if (missing !== undefined) {
    throw new BaseNotRehearsable(
      `the base needs the extension ${missing}, which ${engine.name} does not have (${file.name})`,
    );
  }
  const failed = (where: string, error: unknown) =>
    new BaseNotRehearsable(`the base cannot be built: ${where}: ${(error as Error).message}`);
  if (transactional) await engine.run("begin");
  for (const statement of split.value) {
    const line = statement.line + firstLine - 1;
    onStatement(file.name, line);
    try {
      await engine.run(statement.text);
    } catch (error) {
      throw failed(`${file.name} line ${line}`, error);
    }
  }
  try {
    if (transactional) await engine.run("commit");
  } catch (error) {
    throw failed(file.name, error);
  }
  onStatement(file.name, null);
  await engine.resetSession();
}

async function readBaseFile(file: BaseFile): Promise<{ text: string; firstLine: number; transactional: boolean }> {
  if (!("sql" in file)) return { text: file.up, firstLine: file.upLine ?? 1, transactional: file.transactional };
  // pg_dump writes these two for psql alone.
  const sql = file.sql.replace(/^\\(?:un)?restrict\b.*$/gm, "");
  const read = await readMigrationFile(file.name, sql);
  if (read.ok) return { text: read.value.up, firstLine: read.value.upLine, transactional: read.value.transactional };
  const { code, message, place } = read.refusal;
  if (code === "SQL_EMPTY") return { text: "", firstLine: 1, transactional: true };
  throw new BaseNotRehearsable(`the base cannot be built: ${file.name} line ${place?.line ?? 1}: ${message}`);
}
