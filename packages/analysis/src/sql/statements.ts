import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import parser from "libpg-query";
import { placeAt, Utf8Positions } from "./positions.ts";
import { kindOf, type ParsedNode, relationsOf, runsInTransaction } from "./statement-facts.ts";

/** A relation as a statement names it; `schema` is absent where the search path decides. */
export interface RelationName {
  readonly schema?: string;
  readonly name: string;
}

/** One SQL statement of a file, without its semicolon. */
export interface Statement {
  readonly index: number;
  readonly text: string;
  /** 1-based line and column (UTF-16 units, as editors count) of its first character in the file. */
  readonly line: number;
  readonly column: number;
  /** Half-open range of string indexes in the file. */
  readonly start: number;
  readonly end: number;
  /** What it does, in snake_case: `alter_table`, `create_index`, `insert`. */
  readonly kind: string;
  /** False for a statement that Postgres refuses inside a transaction block. */
  readonly transactional: boolean;
  /** True for BEGIN, COMMIT, ROLLBACK, SAVEPOINT and their kin. */
  readonly controlsTransaction: boolean;
  readonly relations: readonly RelationName[];
  /** The parse tree node of the statement, for rules that look closer: `{ AlterTableStmt: {…} }`. */
  readonly node: ParsedNode;
}

const COPY_STDIN = /^[ \t]*copy\b[^;]*\b(?:from\s+stdin|to\s+stdout)\b/im;

/**
 * Splits a SQL text into its statements with Postgres's own parser.
 * Refuses with SQL_INVALID (the parser's words and the place), SQL_EMPTY (nothing but blanks and comments),
 * SQL_COPY_STDIN and SQL_PSQL_COMMAND (what only psql understands).
 */
export async function splitStatements(sql: string): Promise<Outcome<Statement[]>> {
  if (sql.trim() === "") return emptyFile();
  const nul = sql.indexOf("\0");
  if (nul >= 0) {
    return refuse(
      "SQL_INVALID",
      "The text contains a NUL character, which SQL cannot.",
      "Save the file as UTF-8 text.",
      {
        place: placeAt(sql, nul),
      },
    );
  }
  const readable = sql.replace(/^\uFEFF/, " ");
  let parsed: { stmts?: { stmt?: unknown; stmt_location?: number; stmt_len?: number }[] };
  try {
    parsed = await parser.parse(readable);
  } catch (error) {
    return unreadable(readable, error);
  }
  const positions = new Utf8Positions(readable);
  const statements: Statement[] = [];
  for (const raw of parsed.stmts ?? []) {
    const from = raw.stmt_location ?? 0;
    const start = positions.indexOf(from);
    const end = raw.stmt_len ? positions.indexOf(from + raw.stmt_len) : readable.length;
    const text = readable.slice(start, end).trimEnd();
    const node = raw.stmt as ParsedNode;
    const place = positions.place(start);
    if (isClientCopy(node)) return clientCopy(place);
    statements.push({
      index: statements.length,
      text,
      line: place.line,
      column: place.column,
      start,
      end: start + text.length,
      kind: kindOf(node),
      transactional: runsInTransaction(node),
      controlsTransaction: "TransactionStmt" in node,
      relations: relationsOf(node),
      node,
    });
  }
  return statements.length === 0 ? emptyFile() : accept(statements);
}

function emptyFile(): Outcome<never> {
  return refuse("SQL_EMPTY", "The file contains no SQL statement.", "Write the statements, or leave the file out.");
}

function isClientCopy(node: ParsedNode): boolean {
  const copy = node.CopyStmt as { filename?: string; is_program?: boolean } | undefined;
  return copy !== undefined && copy.filename === undefined;
}

function clientCopy(place: { line: number; column: number }): Outcome<never> {
  return refuse(
    "SQL_COPY_STDIN",
    "COPY with STDIN or STDOUT needs data from a client, which a migration file cannot give.",
    "Write the rows as INSERT statements.",
    { place },
  );
}

function unreadable(sql: string, error: unknown): Outcome<never> {
  const details = (error as { sqlDetails?: { message?: string; cursorPosition?: number } }).sqlDetails;
  const message = details?.message ?? (error instanceof Error ? error.message : String(error));
  // The parser counts characters, a JavaScript string counts UTF-16 units.
  const at = codePointIndex(sql, Math.max(0, details?.cursorPosition ?? 0));
  const copy = COPY_STDIN.exec(sql);
  if (copy && copy.index < at) return clientCopy(placeAt(sql, copy.index + copy[0].search(/\S/)));
  const place = placeAt(sql, at);
  const lineStart = sql.lastIndexOf("\n", at - 1) + 1;
  if (sql[at] === "\\" && sql.slice(lineStart, at).trim() === "") {
    return refuse(
      "SQL_PSQL_COMMAND",
      `Line ${place.line} is a psql command, which only psql understands.`,
      "Take the backslash line out and write SQL instead.",
      { place },
    );
  }
  return refuse("SQL_INVALID", `Postgres cannot read this SQL: ${message}.`, "Correct the statement at this place.", {
    place,
  });
}

function codePointIndex(text: string, codePoints: number): number {
  let index = 0;
  for (let seen = 0; seen < codePoints && index < text.length; seen++) {
    index += text.codePointAt(index)! > 0xffff ? 2 : 1;
  }
  return index;
}
