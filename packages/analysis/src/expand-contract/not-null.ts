import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import { quoted, sqlName } from "../alteration/identifiers.ts";
import { inBatches } from "./batches.ts";
import { constraintName } from "./constraints.ts";
import { bareName, batchKey, beyondTriggers, type Ground, InTheWay } from "./ground.ts";
import { fillsNull, type MadeValue } from "./in-step.ts";
import type { Transition } from "./transition.ts";

/** A column that may not be NULL any more: filled where it is, then proven by a check, so that no scan happens under a strong lock. */
export function forbidNull(ground: Ground, column: SchemaObject, value: MadeValue | null): Transition | InTheWay {
  const table = String(column.fields.table);
  if (value === null)
    return new InTheWay(
      "column",
      column.name,
      "it becomes NOT NULL and nothing says what rows without a value get; write an UPDATE that fills it, or a DEFAULT",
    );
  const key = batchKey(ground, table);
  if (key instanceof InTheWay) return key;
  const blind = beyondTriggers(ground, table);
  if (blind) return blind;
  const [name, is] = [sqlName(table), quoted(bareName(column))];
  const check = quoted(constraintName(ground, table, `${bareName(column)}_given`));
  return {
    breaks: `${column.name} becomes NOT NULL: writes without a value fail`,
    rowRules: [fillsNull(value)],
    backfill: [
      inBatches({
        table,
        key,
        statement: (range) =>
          `UPDATE ${name} AS ${quoted(value.alias)} SET ${is} = ${value.expression} WHERE ${is} IS NULL AND ${range}`,
      }),
    ],
    code: [`Deploy code that gives ${column.name} a value in every row it writes.`],
    enforce: [`ALTER TABLE ${name} ADD CONSTRAINT ${check} CHECK (${is} IS NOT NULL) NOT VALID`],
    validate: [`ALTER TABLE ${name} VALIDATE CONSTRAINT ${check}`],
    // The check proves it, so that SET NOT NULL reads no row.
    clear: [`ALTER TABLE ${name} ALTER COLUMN ${is} SET NOT NULL`, `ALTER TABLE ${name} DROP CONSTRAINT ${check}`],
    beside: [`Code that leaves ${column.name} out may run for as long as you like: a trigger fills it in.`],
  };
}
