import { qualifiedName, type SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import { lastName, nameParts, sqlName } from "../alteration/identifiers.ts";
import type { Ground } from "./ground.ts";
import type { Transition } from "./transition.ts";

/** A new demand on rows: proven for all of them without keeping anybody from writing. */
export function demand({ before }: Ground, constraint: SchemaObject): Transition {
  const { type, definition } = constraint.fields;
  const table = String(constraint.fields.table);
  const [name, is] = [sqlName(table), lastName(constraint.name)];
  const partitioned = before.objects[`table:${table}`]?.fields.partitionKey !== undefined;
  const text = String(definition);
  const said = {
    breaks: `${constraint.name} is a new constraint: rows and writes that it forbids are refused`,
    code: [`Deploy code that writes nothing that ${constraint.name} forbids: ${text.replace(/ NOT VALID$/, "")}.`],
  };
  if (type === "check" || (type === "foreign key" && !partitioned)) {
    const loose = text.replace(/ NOT VALID$/, "");
    return {
      ...said,
      enforce: [`ALTER TABLE ${name} ADD CONSTRAINT ${is} ${loose} NOT VALID`],
      validate: loose === text ? [`ALTER TABLE ${name} VALIDATE CONSTRAINT ${is}`] : [],
    };
  }
  const key = /^(UNIQUE|PRIMARY KEY)( NULLS NOT DISTINCT)? (\([^()]*\))( INCLUDE \([^()]*\))?$/.exec(text);
  // What neither NOT VALID nor an index built beforehand can stand for is added with the last migration.
  if (key === null || partitioned) return said;
  const [, word, nulls = "", columns, include = ""] = key;
  return {
    ...said,
    index: [`CREATE UNIQUE INDEX CONCURRENTLY ${is} ON ${name} ${columns}${include}${nulls}`],
    clear: [`ALTER TABLE ${name} ADD CONSTRAINT ${is} ${word} USING INDEX ${is}`],
  };
}

/** A new unique index, built beside the writers. */
export function uniqueIndex({ before }: Ground, index: SchemaObject): Transition {
  const partitioned = before.objects[`table:${index.fields.table}`]?.fields.partitionKey !== undefined;
  const definition = String(index.fields.definition);
  return {
    breaks: `${index.name} is a new unique index: duplicate values are refused`,
    code: [`Deploy code that writes no duplicates that ${index.name} forbids.`],
    index: partitioned ? [] : [definition.replace("CREATE UNIQUE INDEX", "CREATE UNIQUE INDEX CONCURRENTLY")],
  };
}

/** A name for a constraint of a table that none has, before or after. */
export function constraintName({ before, target }: Ground, table: string, wanted: string): string {
  const last = nameParts(table).at(-1)!;
  const stem = Buffer.from(`${last}_${wanted}`)
    .subarray(0, 58)
    .toString()
    .replace(/\uFFFD$/, "");
  for (let at = 1; ; at++) {
    const name = at === 1 ? stem : `${stem}${at}`;
    const key = `constraint:${table}.${qualifiedName(name)}`;
    if (!before.objects[key] && !target.objects[key]) return name;
  }
}
