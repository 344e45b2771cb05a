import { quoted, sqlName } from "../alteration/identifiers.ts";
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

/**
 * A block that goes through a table along its key and commits after each batch. Run again after it was stopped, it passes over what is done,
 * provided its statement writes only rows that need it.
 */
export function inBatches({ table, key, statement }: BatchedWrite): string {
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
    `    ${choose("next_", ` WHERE ${of} >= ${bound("first_")} ORDER BY ${columns} OFFSET ${BATCH} LIMIT 1`)};`,
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
