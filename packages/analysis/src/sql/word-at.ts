import type { Span } from "./examine.ts";
import { placeAt } from "./positions.ts";

const COMMENTS = /('(?:[^']|'')*')|--[^\n]*|\/\*[\s\S]*?\*\//g;

/** The word that begins at a place, or the one character there; at the end of a text the last thing that is said in it. */
export function wordAt(text: string, line: number, column: number): Span {
  const rest = text.split("\n")[line - 1]?.slice(column - 1) ?? "";
  const word = /^(?:[\p{L}\p{N}_$]+|\S)/u.exec(rest)?.[0];
  if (word !== undefined) return { line, column, endLine: line, endColumn: column + word.length };
  const said = text.replace(COMMENTS, (all, quoted?: string) => quoted ?? " ".repeat(all.length)).trimEnd();
  const last = /(?:[\p{L}\p{N}_$]+|.)$/u.exec(said)?.[0].length ?? 0;
  const [from, to] = [placeAt(text, said.length - last), placeAt(text, said.length)];
  return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}
