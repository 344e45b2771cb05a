import type { ExpressionFacts } from "@change-mgmt/domain/schema/rules/actions.ts";
import { as, constant, type Fields, parts, walk } from "./nodes.ts";

/** What an expression is made of; null for none. */
export function expressionFacts(node: unknown): ExpressionFacts | null {
  if (node === undefined || node === null) return null;
  const outside = new Set(outsideSubqueries(node));
  const calls: string[] = [];
  const callsPerRow: string[] = [];
  const columns: string[] = [];
  const strings: string[] = [];
  let subquery = false;
  for (const fields of walk(node)) {
    const call = callOf(fields);
    if (call !== null) {
      calls.push(call);
      if (outside.has(fields)) callsPerRow.push(call);
    }
    const column = as("ColumnRef", fields);
    if (column) columns.push(parts(column.fields).join("."));
    const value = constant(fields);
    if (typeof value === "string") strings.push(value);
    if (fields.SubLink !== undefined) subquery = true;
  }
  const literal = constant(node);
  const facts = { calls: unique(calls), callsPerRow: unique(callsPerRow), columns: unique(columns), strings, subquery };
  return literal === undefined ? facts : { ...facts, literal };
}

/** The function that a node calls, lower case; null when it calls none. */
export function callOf(fields: Fields): string | null {
  const call = as("FuncCall", fields);
  if (call) {
    const names = parts(call.funcname);
    return (names[0] === "pg_catalog" ? names.slice(1) : names).join(".").toLowerCase();
  }
  const value = as("SQLValueFunction", fields);
  return value
    ? String(value.op)
        .replace(/^SVFOP_|_N$/g, "")
        .toLowerCase()
    : null;
}

function* outsideSubqueries(value: unknown): Generator<Fields> {
  if (Array.isArray(value)) {
    for (const item of value) yield* outsideSubqueries(item);
  } else if (value !== null && typeof value === "object") {
    yield value as Fields;
    for (const [key, item] of Object.entries(value)) if (key !== "SubLink") yield* outsideSubqueries(item);
  }
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items)];
}
