import { nameParts, quoted, sqlName } from "../alteration/identifiers.ts";
import { dollarQuoted } from "./in-step.ts";

/** Rows that are written between one commit and the next. */
const BATCH = 1000;

/** Writing all rows of a table in batches along its key. */
export interface BatchedWrite {
  /** Qualified name of the table that is gone through. */
  readonly table: string;
  /** Columns of its key, none of which is ever NULL. */
  readonly key: readonly string[];
  /** The statement for one batch, given the condition that chooses its rows by the key. */
  statement(range: string): string;
}

/** A block that goes through a table in batches, read back: what there is to run for each, so that somebody else can count and stop between them. */
export interface BatchesRead extends BatchedWrite {
  /** Rows that are gone through between one commit and the next. */
  readonly size: number;
  /** The table and the columns of its key as they stand in SQL. */
  readonly inSql: { readonly table: string; readonly key: readonly string[] };
}

/**
 * A block that goes through a table along its key and commits after each batch. Run again after it was stopped, it passes over what is done,
 * provided its statement writes only rows that need it.
 */
export function inBatches(write: BatchedWrite): string {
  return blockOf(write, BATCH);
}

function blockOf({ table, key, statement }: BatchedWrite, size: number): string {
  const into = (prefix: string) => key.map((_, at) => `${prefix}${at + 1}`).join(", ");
  const columns = key.map(quoted).join(", ");
  const name = sqlName(table);
  const of = key.length === 1 ? columns : `(${columns})`;
  const bound = (prefix: string) => (key.length === 1 ? into(prefix) : `(${into(prefix)})`);
  const declare = key.flatMap((column, at) => [
    `  first_${at + 1} ${name}.${quoted(column)}%TYPE;`,
    `  next_${at + 1} ${name}.${quoted(column)}%TYPE;`,
  ]);
  const choose = (from: string, more: string) => `SELECT ${columns} INTO ${into(from)} FROM ${name}${more}`;
  const body = [
    "#variable_conflict use_column",
    "DECLARE",
    ...declare,
    "BEGIN",
    `  ${choose("first_", ` ORDER BY ${columns} LIMIT 1`)};`,
    "  IF NOT FOUND THEN RETURN; END IF;",
    "  LOOP",
    `    ${choose("next_", ` WHERE ${of} >= ${bound("first_")} ORDER BY ${columns} OFFSET ${size} LIMIT 1`)};`,
    "    EXIT WHEN NOT FOUND;",
    `    ${statement(`${of} >= ${bound("first_")} AND ${of} < ${bound("next_")}`)};`,
    "    COMMIT;",
    ...key.map((_, at) => `    first_${at + 1} := next_${at + 1};`),
    "  END LOOP;",
    `  ${statement(`${of} >= ${bound("first_")}`)};`,
    "  COMMIT;",
    "END",
  ].join("\n");
  return `DO ${dollarQuoted(body)}`;
}

const SHAPE =
  /^DO \$body\d*\$\n#variable_conflict use_column\nDECLARE\n(?<declared>(?: {2}(?:first|next)_\d+ .*%TYPE;\n)+)BEGIN\n.*\n.*\n {2}LOOP\n.* OFFSET (?<size>\d+) LIMIT 1;\n {4}EXIT WHEN NOT FOUND;\n {4}(?<statement>[\s\S]*?);\n {4}COMMIT;\n/;
const DECLARED = /^ {2}first_\d+ (?<name>.*)%TYPE;$/gm;

/** Reads a block that `inBatches` has made, with batches of any size; null for any other statement, however near it comes. */
export function readBatches(sql: string): BatchesRead | null {
  const found = SHAPE.exec(sql)?.groups;
  if (found === undefined) return null;
  const names = [...found.declared!.matchAll(DECLARED)].map(({ groups }) => nameParts(groups!.name!));
  const table = names[0]?.slice(0, -1);
  const key = names.map((parts) => parts.at(-1)!);
  const size = Number(found.size);
  if (table === undefined || table.length === 0 || size === 0) return null;
  const inSql = { table: table.map(quoted).join("."), key: key.map(quoted) };
  const named = (prefix: string) => key.map((_, at) => `${prefix}${at + 1}`).join(", ");
  const row = (columns: string) => (key.length === 1 ? columns : `(${columns})`);
  const of = row(inSql.key.join(", "));
  const range = `${of} >= ${row(named("first_"))} AND ${of} < ${row(named("next_"))}`;
  const [before, after, ...more] = found.statement!.split(range);
  if (after === undefined || more.length > 0) return null;
  const read: BatchesRead = {
    table: inSql.table,
    key,
    size,
    inSql,
    statement: (chosen) => `${before}${chosen}${after}`,
  };
  // What it would make is what stands there: nothing else is run for it.
  return blockOf(read, size) === sql ? read : null;
}
