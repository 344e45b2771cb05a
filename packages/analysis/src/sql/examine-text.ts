import type { ExaminedText, Span } from "./examine.ts";
import { placeAt, Utf8Positions } from "./positions.ts";
import { type Statement, splitStatements } from "./statements.ts";

/** Reads one SQL text: its statements with their places, or why it cannot be read. A text that says nothing has no statement. */
export async function examineText(text: string): Promise<ExaminedText> {
  const split = await splitStatements(text);
  if (!split.ok) {
    const { code, message, hint, place } = split.refusal;
    if (code === "SQL_EMPTY") return { ok: true, statements: [] };
    const span = place?.line === undefined ? null : wordAt(text, place.line, place.column ?? 1);
    return { ok: false, problem: { code, message, hint, span } };
  }
  const ends = new Utf8Positions(text);
  return { ok: true, statements: split.value.map((statement) => examined(statement, ends)) };
}

function examined(statement: Statement, ends: Utf8Positions) {
  const { line, column, end, text, kind, transactional, controlsTransaction, relations } = statement;
  const { line: endLine, column: endColumn } = ends.place(end);
  return {
    span: { line, column, endLine, endColumn },
    text,
    kind,
    transactional,
    controlsTransaction,
    relations: relations.map(({ name }) => name),
  };
}

const COMMENTS = /('(?:[^']|'')*')|--[^\n]*|\/\*[\s\S]*?\*\//g;

/** The word that begins at a place, or the one character there; at the end of a text the last thing that is said in it. */
function wordAt(text: string, line: number, column: number): Span {
  const rest = text.split("\n")[line - 1]?.slice(column - 1) ?? "";
  const word = /^(?:[\p{L}\p{N}_$]+|\S)/u.exec(rest)?.[0];
  if (word !== undefined) return { line, column, endLine: line, endColumn: column + word.length };
  const said = text.replace(COMMENTS, (all, quoted?: string) => quoted ?? " ".repeat(all.length)).trimEnd();
  const last = /(?:[\p{L}\p{N}_$]+|.)$/u.exec(said)?.[0].length ?? 0;
  const [from, to] = [placeAt(text, said.length - last), placeAt(text, said.length)];
  return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}
