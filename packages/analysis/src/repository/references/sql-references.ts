import ts from "typescript";
import { list, only, walk } from "../../sql/facts/nodes.ts";
import { splitStatements } from "../../sql/statements.ts";
import type { Unresolved } from "../routes/route.ts";
import { placeOf } from "../sources.ts";
import type { TableReference } from "./table-reference.ts";

const STATEMENT = /^\s*(?:--[^\n]*\n\s*)*(?:select|insert\s+into|update|delete\s+from|with|merge\s+into|truncate)\b/i;

/** References by SQL in strings and templates, read by Postgres's own parser; what it cannot read is unresolved. */
export async function sqlReferences(
  source: ts.SourceFile,
  tables: ReadonlySet<string>,
): Promise<{ references: TableReference[]; unresolved: Unresolved[] }> {
  const texts: { node: ts.Node; sql: string }[] = [];
  const look = (node: ts.Node): void => {
    const sql = sqlOf(node);
    if (sql !== null && STATEMENT.test(sql) && [...tables].some((table) => sql.includes(table)))
      texts.push({ node, sql });
    else ts.forEachChild(node, look);
  };
  look(source);
  const references: TableReference[] = [];
  const unresolved: Unresolved[] = [];
  for (const { node, sql } of texts) {
    const place = placeOf(node);
    const split = await splitStatements(sql);
    if (!split.ok) {
      unresolved.push({ what: "SQL", why: split.refusal.message.replace(/\.$/, ""), place });
      continue;
    }
    for (const statement of split.value)
      for (const { table, columns, access } of inTree(statement.node))
        if (tables.has(table))
          references.push({
            table,
            columns,
            access,
            inserts: access === "write" && /insert|merge/.test(statement.kind),
            by: "sql",
            place,
            node,
          });
  }
  return { references, unresolved };
}

/** The text of a string or template; a value that is put in when it runs stands as a parameter. */
function sqlOf(node: ts.Node): string | null {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return null;
  return node.head.text + node.templateSpans.map(({ literal }, at) => `$${at + 1}${literal.text}`).join("");
}

function inTree(
  tree: Readonly<Record<string, unknown>>,
): { table: string; columns: string[] | null; access: "read" | "write" }[] {
  const nodes = walk(tree);
  const written = new Set<unknown>();
  for (const fields of nodes)
    for (const type of ["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"]) {
      const { relation } = (fields[type] ?? {}) as { relation?: unknown };
      if (relation) written.add(relation);
    }
  if (only(tree)[0] === "TruncateStmt")
    for (const one of list(only(tree)[1].relations)) written.add((one as { RangeVar?: unknown }).RangeVar);
  const columns = new Set<string>();
  let all = false;
  for (const fields of nodes) {
    const reference = fields.ColumnRef as { fields?: unknown } | undefined;
    for (const part of list(reference?.fields).slice(-1)) {
      const name = (part as { String?: { sval?: string } }).String?.sval;
      if (name === undefined) all = true;
      else columns.add(name);
    }
    const target = fields.ResTarget as { name?: unknown; val?: unknown } | undefined;
    if (typeof target?.name === "string") columns.add(target.name);
    const { cols, relation } = (fields.InsertStmt ?? {}) as { cols?: unknown; relation?: unknown };
    if (relation && list(cols).length === 0) all = true;
  }
  if (only(tree)[0] === "DeleteStmt" || only(tree)[0] === "TruncateStmt") all = true;
  const ranges = nodes
    .flatMap((fields) => (fields.RangeVar ? [fields.RangeVar] : []))
    .concat([...written].filter(Boolean) as unknown[]);
  const seen = new Map<string, "read" | "write">();
  for (const range of ranges) {
    const { relname } = range as { relname?: string };
    if (relname) seen.set(relname, written.has(range) || seen.get(relname) === "write" ? "write" : "read");
  }
  return [...seen].map(([table, access]) => ({ table, columns: all ? null : [...columns], access }));
}
