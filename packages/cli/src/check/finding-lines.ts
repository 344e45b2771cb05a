import type { CheckedFile, CheckFinding } from "@change-mgmt/analysis/check/report.ts";
import type { Page } from "../output/page.ts";
import { plainText } from "../output/plain-text.ts";

const WIDEST_EXCERPT = 160;

/** A finding for people: where, what, the line of source with a mark under its place, and what to do. */
export function findingLines(
  { severity, rule, file, line, column, message, hint, breaking }: CheckFinding,
  source: readonly string[],
  { path }: CheckedFile,
  page: Page,
): string[] {
  const { colours, signs } = page;
  const paint = severity === "error" ? colours.red : severity === "warning" ? colours.yellow : colours.cyan;
  const at = `${file ?? path}:${line}:${column}`;
  // Only in SQL the place is a place of the file.
  const isSql = /\.sql$/i.test(file ?? path);
  const head = `  ${paint(severity)} ${message} ${colours.dim(`[${rule}${breaking ? ", breaking" : ""}] ${at}`)}`;
  const rest = hint === "" ? [] : [`    ${signs.arrow} ${hint}`];
  return [head, ...(isSql ? excerpt(source[line - 1], line, column, page) : []), ...rest];
}

function excerpt(text: string | undefined, line: number, column: number, { colours }: Page): string[] {
  if (text === undefined || text.trim() === "") return [];
  const characters = [...plainText(text.replaceAll("\t", " "))];
  const from = column > WIDEST_EXCERPT ? column - 20 : 0;
  const shown = characters.slice(from, from + WIDEST_EXCERPT).join("");
  const number = String(line).padStart(5);
  const under = `${" ".repeat(Math.max(0, column - 1 - from))}^`;
  return [colours.dim(`  ${number} | ${shown}`), colours.dim(`  ${" ".repeat(5)} | ${under}`)];
}
