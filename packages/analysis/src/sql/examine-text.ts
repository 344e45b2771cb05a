import type { ExaminedText } from "./examine.ts";
import { Utf8Positions } from "./positions.ts";
import { type Statement, splitStatements } from "./statements.ts";
import { wordAt } from "./word-at.ts";

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
