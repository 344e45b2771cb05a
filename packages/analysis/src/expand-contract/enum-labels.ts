import type { SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import { list } from "../alteration/field-list.ts";
import { literal, quoted, sqlName } from "../alteration/identifiers.ts";
import { inBatches } from "./batches.ts";
import { constraintName } from "./constraints.ts";
import { bareName, batchKey, type Ground, InTheWay } from "./ground.ts";
import type { Transition } from "./transition.ts";

/** Labels that go: no row gets them any more, those that have them are led to others, and the type is made anew without them. */
export function removeLabels(ground: Ground, was: SchemaObject, is: SchemaObject): (Transition | InTheWay)[] {
  const { before, target, evidence } = ground;
  const gone = list(was.fields.labels).filter((label) => !list(is.fields.labels).includes(label));
  const renamed = evidence.labels.get(was.name) ?? new Map<string, string>();
  const labels = gone.map(literal).join(", ");
  const columns = Object.values(before.objects).filter(
    ({ kind, name, fields }) =>
      kind === "column" &&
      fields.inherited !== true &&
      target.objects[`column:${name}`] !== undefined &&
      [was.name, `${was.name}[]`].includes(String(fields.type)),
  );
  const instead = [...renamed].map(([old, label]) => `${literal(label)} instead of ${literal(old)}`);
  const code = [
    `Deploy code that writes none of ${labels} as ${was.name}${instead.length > 0 ? `, but ${instead.join(" and ")}` : ""}, and can still read them.`,
  ];
  const breaks = `${was.name} loses ${gone.join(", ")}: rows and code that use it fail`;
  if (columns.length === 0) return [{ breaks, code }];
  return columns.map((column): Transition | InTheWay => {
    if (String(column.fields.type).endsWith("[]"))
      return new InTheWay(
        "column",
        column.name,
        `it holds a list of ${was.name}, whose labels cannot be exchanged one by one`,
      );
    const table = String(column.fields.table);
    const [name, is] = [sqlName(table), quoted(bareName(column))];
    const check = quoted(constraintName(ground, table, `${bareName(column)}_label`));
    const updates = evidence.updates.filter((update) => update.table === table);
    const conversions = [
      ...updates.flatMap(({ alias, sets, where }) =>
        sets.flatMap((set) =>
          set.column === bareName(column)
            ? [
                `UPDATE ${name} AS ${quoted(alias)} SET ${is} = ${set.expression} WHERE ${is} IN (${labels})${where === null ? "" : ` AND (${where})`}`,
              ]
            : [],
        ),
      ),
      ...[...renamed].map(
        ([old, label]) => `UPDATE ${name} SET ${is} = ${literal(label)} WHERE ${is} = ${literal(old)}`,
      ),
    ];
    const key = batchKey(ground, table);
    if (key instanceof InTheWay && conversions.length > 0) return key;
    return {
      breaks,
      code,
      // As text: a label that was added a moment ago cannot be named as one, which the way back would have to.
      enforce: [`ALTER TABLE ${name} ADD CONSTRAINT ${check} CHECK (${is}::text NOT IN (${labels})) NOT VALID`],
      convert: conversions.map((update) =>
        inBatches({ table, key: key as readonly string[], statement: (range) => `${update} AND ${range}` }),
      ),
      validate: [`ALTER TABLE ${name} VALIDATE CONSTRAINT ${check}`],
      clear: [`ALTER TABLE ${name} DROP CONSTRAINT ${check}`],
      beside: [
        conversions.length > 0
          ? `Code that writes ${labels} may run until that migration which enforces.`
          : `Code that writes ${labels} may run until that migration which enforces; rows that still hold them then stop the one that validates, since nothing says what they become.`,
      ],
    };
  });
}
