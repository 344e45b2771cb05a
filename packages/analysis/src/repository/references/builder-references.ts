import ts from "typescript";
import type { CodeBase } from "../code-base.ts";
import { constantOf, piecesOf, textIn } from "../constant-text.ts";
import { nameText } from "../implementations/interface-methods.ts";
import { bare } from "../implementations/method-state.ts";
import { placeOf } from "../sources.ts";
import { bareTable, type TableReference } from "./table-reference.ts";

const TABLES: ReadonlySet<string> = new Set([
  "from",
  "into",
  "table",
  "selectFrom",
  "insertInto",
  "updateTable",
  "deleteFrom",
  "replaceInto",
  "mergeInto",
  "join",
  "innerJoin",
  "leftJoin",
  "rightJoin",
  "fullJoin",
  "leftOuterJoin",
  "using",
]);
const WRITES: ReadonlySet<string> = new Set([
  "insert",
  "update",
  "upsert",
  "delete",
  "del",
  "insertInto",
  "updateTable",
  "deleteFrom",
  "replaceInto",
  "into",
  "truncate",
  "increment",
  "decrement",
]);
const INSERTS: ReadonlySet<string> = new Set(["insert", "upsert", "insertInto", "replaceInto", "into", "mergeInto"]);
const LISTS: ReadonlySet<string> = new Set(["select", "returning", "columns", "distinctOn"]);
const NAMED: ReadonlySet<string> = new Set([
  "eq",
  "neq",
  "gt",
  "gte",
  "lt",
  "lte",
  "like",
  "ilike",
  "is",
  "in",
  "contains",
  "order",
  "where",
  "andWhere",
  "orWhere",
  "whereIn",
  "whereNull",
  "whereNotNull",
  "whereRef",
  "orderBy",
  "groupBy",
  "filter",
  "not",
  "increment",
  "decrement",
  "onConflict",
]);
const VALUES: ReadonlySet<string> = new Set(["insert", "update", "upsert", "values", "set", "match"]);

/** References by a chain of calls, as of supabase-js, Kysely and knex, that begins at a table's name. */
export function builderReferences(
  code: CodeBase,
  source: ts.SourceFile,
  tables: ReadonlySet<string>,
): TableReference[] {
  const found: TableReference[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) for (const name of tablesOf(code, node)) if (name !== null) add(node, name);
    ts.forEachChild(node, look);
  };
  look(source);
  return found;

  function add(call: ts.CallExpression, table: string): void {
    const links = chainAround(call);
    const place = placeOf(call);
    const { columns, nested } = columnsOf(code, links);
    const access = links.some(({ name }) => WRITES.has(name)) ? "write" : "read";
    const inserts = links.some(({ name }) => INSERTS.has(name));
    if (tables.has(table)) found.push({ table, columns, access, inserts, by: "builder", place, node: call });
    // What supabase-js reads along with it stands in brackets behind its name.
    for (const [inner, names] of nested)
      if (tables.has(inner))
        found.push({ table: inner, columns: names, access: "read", inserts: false, by: "builder", place, node: call });
  }
}

function tablesOf(code: CodeBase, call: ts.CallExpression): (string | null)[] {
  const callee = bare(call.expression);
  const [first] = call.arguments;
  if (!first) return [];
  const named = ts.isPropertyAccessExpression(callee)
    ? TABLES.has(callee.name.text)
    : ts.isIdentifier(callee) && /^(?:knex|db|trx|tx|qb)$/.test(callee.text);
  if (!named) return [];
  const list = bare(first);
  return (ts.isArrayLiteralExpression(list) ? [...list.elements] : [first]).map((one) => {
    const text = textIn(piecesOf(code, one));
    return text === null || !/^[\w."$]+(?:\s+(?:as\s+)?\w+)?$/i.test(text) ? null : bareTable(text);
  });
}

interface Link {
  readonly name: string;
  readonly call: ts.CallExpression;
}

/** All calls of the chain that a call is a link of. */
function chainAround(call: ts.CallExpression): Link[] {
  let last: ts.Node = call;
  for (;;) {
    const { parent } = last;
    if (ts.isPropertyAccessExpression(parent) && parent.expression === last && ts.isCallExpression(parent.parent))
      last = parent.parent;
    else break;
  }
  const links: Link[] = [];
  for (let at: ts.Node = last; ts.isCallExpression(at); ) {
    const callee: ts.Node = bare(at.expression);
    if (!ts.isPropertyAccessExpression(callee)) break;
    links.push({ name: callee.name.text, call: at });
    at = bare(callee.expression);
  }
  return links;
}

function columnsOf(
  code: CodeBase,
  links: readonly Link[],
): { columns: string[] | null; nested: Map<string, string[] | null> } {
  const columns = new Set<string>();
  const nested = new Map<string, string[] | null>();
  let all = links.every(({ name }) => !LISTS.has(name) && !VALUES.has(name));
  for (const { name, call } of links) {
    if (LISTS.has(name)) all = selected(code, call, columns, nested) || all;
    else if (VALUES.has(name)) all = given(code, call.arguments[0], columns) || all;
    else if (NAMED.has(name)) {
      const text = call.arguments[0] ? textIn(piecesOf(code, call.arguments[0])) : null;
      if (text !== null) columns.add(columnName(text));
    } else if (
      name === "delete" ||
      name === "del" ||
      name === "deleteFrom" ||
      name === "selectAll" ||
      name === "returningAll"
    )
      all = true;
  }
  return { columns: all ? null : [...columns], nested };
}

/** Adds what a list of columns names; true where it takes all of them or cannot be told. */
function selected(
  code: CodeBase,
  call: ts.CallExpression,
  columns: Set<string>,
  nested: Map<string, string[] | null>,
): boolean {
  if (call.arguments.length === 0) return true;
  let all = false;
  for (const argument of call.arguments) {
    const list = bare(argument);
    for (const one of ts.isArrayLiteralExpression(list) ? [...list.elements] : [argument]) {
      if (ts.isObjectLiteralExpression(bare(one))) continue;
      const text = textIn(piecesOf(code, one));
      if (text === null) all = true;
      else all = namesIn(text, columns, nested) || all;
    }
  }
  return all;
}

function namesIn(text: string, columns: Set<string>, nested: Map<string, string[] | null>): boolean {
  const flat = text.replace(
    /(?:\w+\s*:\s*)?(\w+)(?:!\w+)*\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g,
    (_, table: string, inside: string) => {
      const own = new Set<string>();
      const all = namesIn(inside, own, nested);
      nested.set(table, all ? null : [...own]);
      return "";
    },
  );
  const names = flat
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  for (const name of names) if (name !== "*") columns.add(columnName(name));
  return names.includes("*");
}

function columnName(text: string): string {
  return text
    .replace(/^\w+\s*:\s*/, "")
    .split(/::|->|\s+/)[0]!
    .split(".")
    .at(-1)!
    .replaceAll('"', "");
}

/** Adds the keys of the rows that are written; true where they cannot all be told. */
function given(code: CodeBase, value: ts.Node | undefined, columns: Set<string>, depth = 0): boolean {
  if (!value || depth > 4) return true;
  const at = bare(value);
  if (ts.isStringLiteralLike(at)) {
    columns.add(columnName(at.text));
    return false;
  }
  if (ts.isArrayLiteralExpression(at))
    return at.elements.map((one) => given(code, one, columns, depth + 1)).some(Boolean);
  if (ts.isObjectLiteralExpression(at)) {
    let all = false;
    for (const property of at.properties) {
      const name = property.name && nameText(property.name);
      if (name) columns.add(name);
      else all = true;
    }
    return all;
  }
  // Rows that are made one from each of something: the object that the function returns.
  if (ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression) && at.expression.name.text === "map") {
    const made = at.arguments[0] && bare(at.arguments[0]);
    if (made && ts.isArrowFunction(made) && !ts.isBlock(made.body)) return given(code, made.body, columns, depth + 1);
  }
  const constant = constantOf(code, at);
  return constant ? given(code, constant, columns, depth + 1) : true;
}
