import { quoted, sqlName } from "../alteration/identifiers.ts";
import { inBatches } from "./batches.ts";
import type { RowUpdate } from "./evidence.ts";
import { batchKey, beyondTriggers, columnOf, type Ground, InTheWay } from "./ground.ts";
import { distinctFrom, follows, type MadeValue } from "./in-step.ts";
import type { Transition } from "./transition.ts";

/** What the UPDATEs of a migration make of a column, as one expression over its row; null where none sets it. */
export function madeValue(ground: Ground, table: string, column: string): MadeValue | InTheWay | null {
  const { evidence, before, target } = ground;
  const sets = evidence.updates.flatMap((update) =>
    update.table === table ? update.sets.filter((set) => set.column === column).map((set) => ({ ...set, update })) : [],
  );
  const [first] = sets;
  if (first === undefined) return null;
  const known = columnOf(target, table, column) ?? columnOf(before, table, column);
  const name = `${table}.${quoted(column)}`;
  if (known === undefined)
    return new InTheWay("column", name, "an UPDATE sets it, and it is there neither before nor after");
  if (sets.some(({ update }) => update.alias !== first.update.alias))
    return new InTheWay("column", name, "several UPDATEs set it under several names of the table");
  // Of several UPDATEs the last that applies to a row decides.
  let expression = "NULL";
  for (const set of sets) expression = combined(set.expression, conditionOf(set.update, column), expression);
  const reads = sets.flatMap((set) => [...set.reads, ...set.update.reads]).filter((read) => read !== column);
  if (sets.some((set) => set.reads.includes(column)))
    return new InTheWay(
      "column",
      name,
      "an UPDATE makes it of itself, which would happen again when a batch is repeated",
    );
  const types = [...new Set(reads)].flatMap((read) => {
    const found = columnOf(before, table, read) ?? columnOf(target, table, read);
    return found === undefined ? [] : [{ name: read, type: String(found.fields.type) }];
  });
  return { table, alias: first.update.alias, column, type: String(known.fields.type), expression, reads: types };
}

function combined(value: string, condition: string | null, otherwise: string): string {
  if (condition === null) return value;
  return otherwise === "NULL"
    ? `CASE WHEN ${condition} THEN ${value} END`
    : `CASE WHEN ${condition} THEN ${value} ELSE ${otherwise} END`;
}

/** A condition that only spares rows which have a value already says nothing of what the value is. */
function conditionOf({ where }: RowUpdate, column: string): string | null {
  if (where === null) return null;
  const spares = new RegExp(`^(?:\\w+\\.)?"?${column.replace(/[.*+?^$\\{}()|[\]]/g, "\\$&")}"?\\s+is\\s+null$`, "i");
  return spares.test(where.trim()) ? null : where;
}

/** A new column that is made of others of its row: filled in batches, and kept in step with what old code writes. */
export function followColumn(ground: Ground, value: MadeValue): Transition | InTheWay {
  const { table, column, alias, expression, type } = value;
  const key = batchKey(ground, table);
  if (key instanceof InTheWay) return key;
  const blind = beyondTriggers(ground, table);
  if (blind) return blind;
  const is = quoted(column);
  const made = columnOf(ground.target, table, column)!;
  const open = made.fields.default === undefined ? `${is} IS NULL` : distinctFrom(is, `(${expression})`, type);
  const sources = value.reads.map(({ name }) => name);
  const leaving = sources.filter((name) => columnOf(ground.target, table, name) === undefined);
  const both =
    leaving.length === 0
      ? ""
      : ` For as long as old code runs it writes ${leaving.map(quoted).join(", ")} as well: what is made of a value cannot be led back to it.`;
  return {
    breaks: `${table}.${is} is made of ${sources.map(quoted).join(", ") || "nothing of its row"} once, and not of what is written later`,
    rowRules: [follows(value)],
    backfill: [
      inBatches({
        table,
        key,
        statement: (range) =>
          `UPDATE ${sqlName(table)} AS ${quoted(alias)} SET ${is} = ${expression} WHERE ${open} AND ${range}`,
      }),
    ],
    code: [`Deploy code that reads and writes ${table}.${is}.${both}`],
    beside: [
      `Code that knows nothing of ${table}.${is} may run for as long as you like: a trigger makes it of what is written.`,
    ],
  };
}

/** An UPDATE of a column that stays what it is: the same in batches. */
export function changeRows(ground: Ground, value: MadeValue): Transition | InTheWay {
  const { table, column, alias, expression, type } = value;
  const key = batchKey(ground, table);
  if (key instanceof InTheWay) return key;
  const is = quoted(column);
  const found = ground.evidence.updates.filter(
    (update) => update.table === table && update.sets.some((set) => set.column === column),
  );
  const wheres = found.map(({ where }) => where);
  const only = wheres.includes(null) ? "" : ` AND (${wheres.map((where) => `(${where})`).join(" OR ")})`;
  return {
    breaks: `rows of ${table} get another ${column}`,
    convert: [
      inBatches({
        table,
        key,
        statement: (range) =>
          `UPDATE ${sqlName(table)} AS ${quoted(alias)} SET ${is} = ${expression} WHERE ${distinctFrom(is, `(${expression})`, type)}${only} AND ${range}`,
      }),
    ],
  };
}
