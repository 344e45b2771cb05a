import { qualifiedName } from "@change-mgmt/domain/schema/model.ts";
import type { RenameProposal } from "../alteration/alteration.ts";
import { nameParts, quoted, sqlName } from "../alteration/identifiers.ts";
import { inBatches } from "./batches.ts";
import { batchKey, beyondTriggers, type Ground, InTheWay, typeOf } from "./ground.ts";
import { bothWays, distinctFrom } from "./in-step.ts";
import type { Transition } from "./transition.ts";

/**
 * A column under two names at once: a twin under the new name that a trigger keeps in step both ways. At the end the twin goes and the column
 * itself takes the name, so that its keys, indexes and views stay what they are.
 */
export function renameColumn(ground: Ground, rename: RenameProposal): Transition | InTheWay {
  const table = qualifiedName(...nameParts(rename.from).slice(0, -1));
  const column = ground.before.objects[`column:${rename.from}`]!;
  const [old, twin] = [nameParts(rename.from).at(-1)!, nameParts(rename.to).at(-1)!];
  if (column.fields.generated !== undefined)
    return new InTheWay("column", rename.from, "it is generated, and nothing can write a twin of it before it is");
  const partitionKey = String(ground.before.objects[`table:${table}`]?.fields.partitionKey ?? "");
  if (new RegExp(`[("\\s,]${quoted(old).replace(/[$"]/g, "\\$&")}[)"\\s,]`).test(partitionKey))
    return new InTheWay("column", rename.from, "it decides on the partition of a row, which no trigger may change");
  const key = batchKey(ground, table);
  if (key instanceof InTheWay) return key;
  const blind = beyondTriggers(ground, table);
  if (blind) return blind;
  const [name, was, is] = [sqlName(table), quoted(old), quoted(twin)];
  const type = String(column.fields.type);
  const fill = `UPDATE ${name} SET ${is} = ${was} WHERE ${distinctFrom(is, was, type)}`;
  const add = `ALTER TABLE ${name} ADD COLUMN ${is} ${typeOf(column)}`;
  return {
    breaks: `${rename.from} is renamed to ${twin}: whatever uses the old name fails`,
    expand: [add],
    rowRules: [bothWays(table, old, twin, type)],
    backfill: [inBatches({ table, key, statement: (range) => `${fill} AND ${range}` })],
    code: [`Deploy code that reads and writes ${table}.${is} and no longer names ${was}.`],
    clear: [`ALTER TABLE ${name} DROP COLUMN ${is}`],
    again: [add],
    refill: [fill],
    beside: [
      `Code that uses ${table}.${was} and code that uses ${is} may run beside each other for as long as you like; each write costs one trigger. Indexes and keys stay with ${was}: until the end a search by ${is} uses none, and ON CONFLICT names ${was}.`,
    ],
  };
}
