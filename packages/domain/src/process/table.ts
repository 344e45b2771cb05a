import { canonicalJson } from "../change/canonical-json.ts";
import { conditionText, mismatch, mismatchText } from "./conditions.ts";
import type { DecisionTable, Explanation, Facts, Row, Tables } from "./process.ts";

/** What a decision table says about facts. No matching row means no answer, which never grants anything. */
export interface TableResult<T> {
  /** In row order; empty when nothing matched or when a unique table contradicts itself. */
  readonly answers: readonly T[];
  readonly matched: readonly Row<T>[];
  /** Said when two rows of a unique table matched and answer differently. */
  readonly conflict?: string;
  readonly explanation: Explanation;
}

/** Evaluates a table; the explanation says of each row whether it matched and, if not, which dimension failed with what value. */
export function evaluate<T>(table: DecisionTable<T>, facts: Facts): TableResult<T> {
  const judged = table.rows.map((row) => ({ row, failed: mismatch(row.when, facts) }));
  const matched = judged.filter(({ failed }) => failed === undefined).map(({ row }) => row);
  const answers = table.hit === "unique" ? distinct(matched.map((row) => row.then)) : matched.map((row) => row.then);
  const conflict =
    table.hit === "unique" && answers.length > 1
      ? `rows ${matched.map((row) => row.id).join(" and ")} of ${table.id} match at once and answer differently`
      : undefined;
  const explanation: Explanation = {
    id: table.id,
    title: table.title,
    met: matched.length > 0 && conflict === undefined,
    reason:
      conflict ??
      (matched.length === 0
        ? "no row matches"
        : `${matched.map((row) => row.id).join(", ")} of ${table.rows.length} rows`),
    children: judged.map(({ row, failed }) => ({
      id: row.id,
      title: conditionText(row.when),
      met: failed === undefined,
      reason: failed === undefined ? because(row) : mismatchText(failed),
      children: [],
    })),
  };
  return conflict === undefined ? { answers, matched, explanation } : { answers: [], matched, conflict, explanation };
}

/** The one table or the several that a part of a process has. */
export function tablesIn<T>(tables: Tables<T>): readonly DecisionTable<T>[] {
  return "rows" in tables ? [tables] : tables;
}

/** What several tables say together: their answers added up, met only when each of them said something. */
export function evaluateAll<T>(tables: Tables<T>, facts: Facts): Pick<TableResult<T>, "answers" | "explanation"> {
  const results = tablesIn(tables).map((table) => evaluate(table, facts));
  const [first] = results;
  if (first !== undefined && results.length === 1) return first;
  const children = results.map((result) => result.explanation);
  const silent = children.find((child) => !child.met);
  const explanation: Explanation = {
    id: children.map(({ id }) => id).join("+"),
    title: children.map(({ title }) => title).join("; "),
    met: results.length > 0 && silent === undefined,
    reason:
      silent === undefined ? `each of ${results.length} tables says something` : `${silent.title}: ${silent.reason}`,
    children,
  };
  return { answers: results.flatMap((result) => result.answers), explanation };
}

function because(row: Row<unknown>): string {
  return row.source === undefined ? "matches" : `matches (${row.source})`;
}

function distinct<T>(answers: readonly T[]): T[] {
  return [...new Map(answers.map((answer) => [canonicalJson(answer), answer])).values()];
}
