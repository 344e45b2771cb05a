import { accept, type Outcome, type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { type MigrationSections, readSections } from "./migration-sections.ts";
import { type Statement, splitStatements } from "./statements.ts";

/** The tool whose conventions a file follows; `plain` is SQL without any. */
export type MigrationTool = "plain" | "supabase" | "goose" | "dbmate" | "up-down" | "flyway";

/** A migration as it is applied: what its file says without the tool's own marks and without an explicit BEGIN … COMMIT around it. */
export interface MigrationFile {
  readonly name: string;
  readonly tool: MigrationTool;
  readonly up: string;
  /** 1-based line of the file at which `up` begins. */
  readonly upLine: number;
  readonly down: string | null;
  /** 1-based line at which `down` begins, in the same file or in `downName`. */
  readonly downLine: number | null;
  /** The companion file that `down` comes from; null when it is in the same file or absent. */
  readonly downName: string | null;
  /** False when the tool's mark says so or a statement in it may not run in a transaction. */
  readonly transactional: boolean;
}

export interface CompanionFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads a migration in the conventions of plain SQL, Supabase, goose, dbmate, `.up.sql`/`.down.sql` pairs or Flyway V/U pairs.
 * `fileName` may carry its folder, by which Supabase is known; companions are the other files of that folder that may hold the down part.
 * Refuses what splitStatements refuses, TRANSACTION_CONTROL (BEGIN, COMMIT and the like anywhere but around the whole),
 * and MIGRATION_FORMAT (marks of a tool in an order that it would not accept). A file without any statement is refused as SQL_EMPTY;
 * a down part without one counts as written and doing nothing.
 */
export async function readMigrationFile(
  fileName: string,
  text: string,
  companions: readonly CompanionFile[] = [],
): Promise<Outcome<MigrationFile>> {
  const sections = readSections(fileName, text, companions);
  if (!sections.ok) return sections;
  const { up, down, transactional: marked } = sections.value;
  const upPart = await readPart(up.text, up.file, up.line);
  if (!upPart.ok) return upPart;
  const downPart = down === null ? null : await readPart(down.text, down.file, down.line);
  if (downPart !== null && !downPart.ok && downPart.refusal.code !== "SQL_EMPTY") return downPart;
  const parts = [upPart.value, ...(downPart?.ok ? [downPart.value] : [])];
  const alone = !marked || parts.some((part) => !part.wrapped && part.statements.some((s) => !s.transactional));
  if (alone && parts.some((part) => part.wrapped)) return mixed(sections.value);
  return accept({
    name: baseName(fileName),
    tool: sections.value.tool,
    up: upPart.value.text,
    upLine: up.line,
    down: down === null ? null : downPart?.ok ? downPart.value.text : down.text,
    downLine: down?.line ?? null,
    downName: down === null || down.file === fileName ? null : down.file,
    transactional: !alone,
  });
}

interface Part {
  readonly text: string;
  readonly statements: readonly Statement[];
  /** True when an explicit BEGIN … COMMIT was taken off. */
  readonly wrapped: boolean;
}

async function readPart(text: string, file: string, line: number): Promise<Outcome<Part>> {
  const split = await splitStatements(text);
  if (!split.ok) {
    const place = split.refusal.place;
    const there = place?.line === undefined ? {} : { line: place.line + line - 1 };
    return { ok: false, refusal: { ...split.refusal, place: { ...place, ...there, file } } };
  }
  const statements = split.value;
  const [first, last] = [statements[0]!, statements.at(-1)!];
  const wrapped = statements.length > 1 && isPlain(first, ["begin", "start"]) && isPlain(last, ["commit"]);
  const inner = wrapped ? statements.slice(1, -1) : statements;
  const stray = inner.find((statement) => statement.controlsTransaction);
  if (stray) {
    return refuse(
      "TRANSACTION_CONTROL",
      `${stray.text.split(/\s/)[0]!.toUpperCase()} in the middle of a migration would end or split the transaction that keeps it whole.`,
      "Take it out; each migration already runs in one transaction. BEGIN and COMMIT may stand around the whole file.",
      { place: { file, line: stray.line + line - 1, column: stray.column } },
    );
  }
  return accept({ text: wrapped ? blank(blank(text, first), last) : text, statements: inner, wrapped });
}

/** True for a transaction statement of one of the kinds that asks for nothing more, such as an isolation level or CHAIN. */
function isPlain(statement: Statement, kinds: readonly string[]): boolean {
  const node = statement.node.TransactionStmt as { options?: unknown; chain?: boolean } | undefined;
  return kinds.includes(statement.kind) && node?.options === undefined && node?.chain !== true;
}

/** Replaces a statement and its semicolon by blanks, so that every other place stays where it was. */
function blank(text: string, statement: Statement): string {
  const rest = text.slice(statement.end);
  const semicolon = /^\s*;/.exec(rest)?.[0].length ?? 0;
  const end = statement.end + semicolon;
  return text.slice(0, statement.start) + text.slice(statement.start, end).replace(/[^\n]/g, " ") + text.slice(end);
}

function mixed(sections: MigrationSections): Refused {
  return refuse(
    "TRANSACTION_CONTROL",
    "The file opens a transaction of its own and also has to run without one.",
    "Put what may not run in a transaction (such as CREATE INDEX CONCURRENTLY) into a file of its own, without BEGIN and COMMIT.",
    { place: { file: sections.up.file, line: sections.up.line } },
  );
}

function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1)!;
}
