import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import { quoted, sqlName } from "../alteration/identifiers.ts";
import { castTo } from "../alteration/statements/casts.ts";
import { inBatches } from "./batches.ts";
import { bareName, batchKey, beyondTriggers, freeColumnName, type Ground, InTheWay, typeOf } from "./ground.ts";
import { distinctFrom, shadows } from "./in-step.ts";
import type { Transition } from "./transition.ts";

/**
 * A column of another type: a shadow of the new type that a trigger keeps in step, filled in batches, takes its place at the end, so that the
 * table is never written anew under a lock. Code cannot see two types under one name, so it has to bear both when they change places.
 */
export function retypeColumn(ground: Ground, was: SchemaObject, is: SchemaObject): Transition | InTheWay {
  const table = String(was.fields.table);
  const old = bareName(was);
  const [from, to] = [String(was.fields.type), String(is.fields.type)];
  const partitionKey = ground.before.objects[`table:${table}`]?.fields.partitionKey;
  if (was.fields.inherited === true || partitionKey !== undefined)
    return new InTheWay(
      "column",
      was.name,
      "the table has partitions or parents, whose columns cannot change places one by one",
    );
  if (was.fields.generated !== undefined || is.fields.generated !== undefined)
    return new InTheWay("column", was.name, "it is generated; add another column instead");
  const key = batchKey(ground, table);
  if (key instanceof InTheWay) return key;
  const blind = beyondTriggers(ground, table);
  if (blind) return blind;
  const said = ground.evidence.conversions.get(was.name);
  const expression = said ?? castTo(quoted(old), from, to);
  const shadow = freeColumnName(ground, table, `${old}_next`);
  const gone = freeColumnName(ground, table, `${old}_gone`);
  const [name, column, next, left] = [sqlName(table), quoted(old), quoted(shadow), quoted(gone)];
  const alter = (what: string) => `ALTER TABLE ${name} ${what}`;
  const fill = `UPDATE ${name} SET ${next} = ${expression} WHERE ${distinctFrom(next, `(${expression})`, to)}`;
  const back = castTo(next, to, from);
  const value = {
    table,
    alias: table.slice(table.lastIndexOf(".") + 1),
    column: shadow,
    type: to,
    expression,
    reads: [],
  };
  return {
    breaks: `${was.name} changes its type from ${from} to ${to}: values may not fit and readers may not understand them`,
    expand: [alter(`ADD COLUMN ${next} ${typeOf(is)}`)],
    rowRules: [shadows(value)],
    backfill: [inBatches({ table, key, statement: (range) => `${fill} AND ${range}` })],
    code: [
      `Deploy code that reads and writes ${was.name} whether it is ${from} or ${to}, such as by casting it in its statements.`,
    ],
    swap: [alter(`RENAME COLUMN ${column} TO ${left}`), alter(`RENAME COLUMN ${next} TO ${column}`)],
    unswap: [alter(`RENAME COLUMN ${column} TO ${next}`)],
    again: [alter(`ADD COLUMN ${column} ${typeOf(was)}`)],
    refill: [`UPDATE ${name} SET ${column} = ${back} WHERE ${distinctFrom(column, `(${back})`, from)}`],
    beside: [
      `Any code may run until the last migration, but a value of ${was.name} that cannot be read as ${to} is refused from the first one on. What of the old column has an index or a key is built again in it, under its lock: see what it reads.`,
    ],
    afterwards: [`Code may take ${was.name} for ${to} now.`],
  };
}
