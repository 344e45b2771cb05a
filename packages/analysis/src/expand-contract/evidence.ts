import type { ObjectKind, SchemaModel } from "@change-mgmt/domain/schema/model.ts";
import { qualifiedName } from "@change-mgmt/domain/schema/model.ts";
import type { RenameProposal } from "../alteration/alteration.ts";
import { as, type Fields, list, only, relation, string, text, walk } from "../sql/facts/nodes.ts";
import type { Statement } from "../sql/statements.ts";
import { clauseTexts } from "./clauses.ts";

/** An UPDATE of one table out of itself: what it sets, in the words of the migration. */
export interface RowUpdate {
  readonly line: number;
  readonly table: string;
  /** What its expressions call the table. */
  readonly alias: string;
  readonly sets: readonly RowValue[];
  readonly where: string | null;
  /** Columns that the condition reads. */
  readonly reads: readonly string[];
}

/** A value out of one row. */
export interface RowValue {
  readonly column: string;
  readonly expression: string;
  /** Columns that the expression reads, as they are called. */
  readonly reads: readonly string[];
  /** The column that it is, where it is nothing but one. */
  readonly plain: string | null;
}

/** An INSERT … SELECT of one table out of another, row by row. */
export interface RowMove {
  readonly line: number;
  readonly from: string;
  readonly alias: string;
  readonly to: string;
  readonly values: readonly RowValue[];
}

/** Statements that write rows in a way that no phase can stand for. */
export interface OtherWrite {
  readonly line: number;
  readonly reason: string;
}

/** What the text of a migration says that the schema before and after it does not show. */
export interface Evidence {
  /** In the order of the migration; table first, columns by the table's name before the migration. */
  readonly renames: readonly RenameProposal[];
  /** Statements that take the renames back, the last first. */
  readonly renameBack: readonly string[];
  readonly renameAgain: readonly string[];
  /** By qualified name of an enum: its old labels and what they are called now. */
  readonly labels: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** USING of a change of type, by the qualified name of the column. */
  readonly conversions: ReadonlyMap<string, string>;
  readonly updates: readonly RowUpdate[];
  readonly moves: readonly RowMove[];
  /** Rows written in full into tables, as they stand in the text. */
  readonly inserts: readonly { readonly line: number; readonly table: string; readonly sql: string }[];
  readonly others: readonly OtherWrite[];
}

const QUIET: ReadonlySet<string> = new Set(["VariableSetStmt", "VariableShowStmt", "LockStmt", "CommentStmt"]);
const WRITES: Readonly<Record<string, string>> = {
  DoStmt: "a DO block",
  CallStmt: "a procedure",
  SelectStmt: "a SELECT",
  DeleteStmt: "a DELETE",
  MergeStmt: "a MERGE",
  TruncateStmt: "a TRUNCATE",
  CopyStmt: "a COPY",
};

/** Reads what a migration says of renames, conversions and rows; `before` and `after` tell which renames are what they seem. */
export function readEvidence(statements: readonly Statement[], before: SchemaModel, after: SchemaModel): Evidence {
  const renames: RenameProposal[] = [];
  const back: string[] = [];
  const again: string[] = [];
  const labels = new Map<string, Map<string, string>>();
  const conversions = new Map<string, string>();
  const updates: RowUpdate[] = [];
  const moves: RowMove[] = [];
  const inserts: { line: number; table: string; sql: string }[] = [];
  const others: OtherWrite[] = [];
  /** Tables by their name of now, with that of before. */
  const called = new Map<string, string>();
  const original = (table: string) => called.get(table) ?? table;
  for (const statement of statements) {
    const [type, fields] = only(statement.node);
    const { line } = statement;
    if (type === "RenameStmt") readRename(fields, statement);
    else if (type === "AlterObjectSchemaStmt") readMove(fields, statement);
    else if (type === "AlterEnumStmt" && typeof fields.oldVal === "string") readLabel(fields);
    else if (type === "AlterTableStmt") readConversions(fields, statement);
    else if (type === "UpdateStmt") readUpdate(fields, statement);
    else if (type === "InsertStmt") readInsert(fields, statement);
    else if (WRITES[type] !== undefined && !QUIET.has(type))
      others.push({ line, reason: `${WRITES[type]} writes or may write rows in a way that no phase can stand for` });
  }
  return {
    renames,
    renameBack: back.reverse(),
    renameAgain: again,
    labels,
    conversions,
    updates,
    moves,
    inserts,
    others,
  };

  function isRenamed(kind: ObjectKind, from: string, to: string): boolean {
    const has = (model: SchemaModel, name: string) => model.objects[`${kind}:${name}`] !== undefined;
    return has(before, from) && !has(after, from) && has(after, to) && !has(before, to);
  }

  function readRename(fields: Fields, { text: sql }: Statement): void {
    const table = tableName(fields.relation);
    const to = String(fields.newname);
    if (fields.renameType === "OBJECT_TABLE") {
      const renamed = qualifiedName(schemaOf(fields.relation), to);
      if (!isRenamed("table", original(table), renamed)) return;
      renames.push({ kind: "table", from: original(table), to: renamed });
      called.set(renamed, original(table));
      back.push(`ALTER TABLE ${renamed} RENAME TO ${qualifiedName(relation(fields.relation).name)};`);
      again.push(`${sql};`);
    } else if (fields.renameType === "OBJECT_COLUMN" && fields.relationType === "OBJECT_TABLE") {
      const from = String(fields.subname);
      const last = [...called].find(([, old]) => old === original(table))?.[0] ?? table;
      const there = after.objects[`column:${last}.${qualifiedName(to)}`] !== undefined;
      const was = before.objects[`column:${original(table)}.${qualifiedName(from)}`] !== undefined;
      const stays = after.objects[`column:${last}.${qualifiedName(from)}`] !== undefined;
      if (!there || !was || stays) return;
      renames.push({
        kind: "column",
        from: `${original(table)}.${qualifiedName(from)}`,
        to: `${original(table)}.${qualifiedName(to)}`,
      });
      back.push(`ALTER TABLE ${table} RENAME COLUMN ${quotedAlways(to)} TO ${quotedAlways(from)};`);
      again.push(`${sql};`);
    }
  }

  function readMove(fields: Fields, { text: sql }: Statement): void {
    if (fields.objectType !== "OBJECT_TABLE") return;
    const table = tableName(fields.relation);
    const renamed = qualifiedName(String(fields.newschema), relation(fields.relation).name);
    if (!isRenamed("table", original(table), renamed)) return;
    renames.push({ kind: "table", from: original(table), to: renamed });
    called.set(renamed, original(table));
    back.push(`ALTER TABLE ${renamed} SET SCHEMA ${qualifiedName(schemaOf(fields.relation))};`);
    again.push(`${sql};`);
  }

  function readLabel(fields: Fields): void {
    const [name, schema] = list(fields.typeName).map(string).reverse();
    const type = qualifiedName(schema ?? "public", name ?? "");
    const known = labels.get(type) ?? new Map<string, string>();
    labels.set(type, known.set(String(fields.oldVal), String(fields.newVal)));
  }

  function readConversions(fields: Fields, { text: sql }: Statement): void {
    const commands = list(fields.cmds).map((command) => as("AlterTableCmd", command) ?? {});
    if (!commands.some(({ subtype }) => subtype === "AT_AlterColumnType")) return;
    const items = clauseTexts(sql, ["table"]).items("table");
    for (const [at, { subtype, name, def }] of commands.entries()) {
      if (subtype !== "AT_AlterColumnType" || as("ColumnDef", def)?.raw_default === undefined) continue;
      const using = clauseTexts(items[at] ?? "", ["using"]).texts.get("using");
      const table = original(tableName(fields.relation));
      if (using !== undefined) conversions.set(`${table}.${qualifiedName(String(name))}`, using.replace(/;$/, ""));
    }
  }

  function readUpdate(fields: Fields, { line, text: sql }: Statement): void {
    const table = original(tableName(fields.relation));
    const refuse = (reason: string) => others.push({ line, reason: `an UPDATE of ${table} ${reason}` });
    const named = [...list(fields.targetList).map((item) => String(as("ResTarget", item)?.name)), ...columnsIn(fields)];
    const newName = (column: string) =>
      renames.some(({ kind, to }) => kind === "column" && to === `${table}.${qualifiedName(column)}`);
    if (table !== tableName(fields.relation) || named.some(newName))
      return void refuse("comes after a rename and says the new name; write it before the rename");
    if (fields.fromClause !== undefined || fields.withClause !== undefined || fields.returningList !== undefined)
      return void refuse("takes its values from other rows, which no trigger can keep in step");
    if (walk(fields).some((node) => as("SubLink", node) !== undefined))
      return void refuse("takes its values from other rows, which no trigger can keep in step");
    const targets = list(fields.targetList).map((item) => as("ResTarget", item) ?? {});
    if (targets.some(({ val }) => as("MultiAssignRef", val) !== undefined))
      return void refuse("sets several columns at once; write them one by one");
    const clauses = clauseTexts(sql, ["set", "where"]);
    const sets = clauses.items("set").map((item, at) => {
      const column = String(targets[at]?.name);
      return rowValue(column, item.slice(item.indexOf("=") + 1).trim(), targets[at]?.val);
    });
    updates.push({
      line,
      table,
      alias: aliasOf(fields.relation),
      sets,
      where: clauses.texts.get("where") ?? null,
      reads: columnsIn(fields.whereClause),
    });
  }

  function readInsert(fields: Fields, { line, text: sql }: Statement): void {
    const to = original(tableName(fields.relation));
    const select = as("SelectStmt", fields.selectStmt);
    if (select === undefined || select.valuesLists !== undefined) {
      inserts.push({ line, table: to, sql: `${sql};` });
      return;
    }
    const refuse = (reason: string) => others.push({ line, reason: `an INSERT into ${to} ${reason}` });
    const [source, ...more] = list(select.fromClause);
    const from = as("RangeVar", source);
    const known = ["targetList", "fromClause", "limitOption", "op"];
    if (from === undefined || more.length > 0 || Object.keys(select).some((key) => !known.includes(key)))
      return void refuse("takes more than the rows of one table as they are");
    if (walk(select).some((node) => as("SubLink", node) ?? as("WindowDef", node)))
      return void refuse("takes more than the rows of one table as they are");
    const columns = list(fields.cols).map((item) => String(as("ResTarget", item)?.name));
    const values = list(select.targetList).map((item) => as("ResTarget", item)?.val);
    if (columns.length === 0 || columns.length !== values.length) return void refuse("does not name its columns");
    const items = clauseTexts(sql, ["select", "from"]).items("select");
    const pairs = columns.map((column, at) => rowValue(column, items[at] ?? "", values[at]));
    moves.push({ line, from: original(tableName(from)), alias: aliasOf(from), to, values: pairs });
  }
}

function rowValue(column: string, expression: string, value: unknown): RowValue {
  return { column, expression, reads: columnsIn(value), plain: columnNamed((value ?? {}) as Fields) };
}

function columnsIn(value: unknown): string[] {
  return [...new Set(walk(value).flatMap((node) => columnNamed(node) ?? []))];
}

function columnNamed(node: Fields): string | null {
  return string(list(as("ColumnRef", node)?.fields).at(-1));
}

function schemaOf(node: unknown): string {
  return relation(node).schema ?? "public";
}

function tableName(node: unknown): string {
  return qualifiedName(schemaOf(node), relation(node).name);
}

function aliasOf(node: unknown): string {
  const fields = as("RangeVar", node) ?? (node as Fields);
  const alias = as("Alias", fields.alias) ?? (fields.alias as Fields | undefined);
  return text(alias?.aliasname) ?? relation(node).name;
}

function quotedAlways(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
