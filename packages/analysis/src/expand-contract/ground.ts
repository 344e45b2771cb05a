import type { ObjectKind, SchemaModel, SchemaObject } from "@change-mgmt/domain/schema/model.ts";
import { qualifiedName } from "@change-mgmt/domain/schema/model.ts";
import { list } from "../alteration/field-list.ts";
import { nameParts } from "../alteration/identifiers.ts";
import type { Evidence } from "./evidence.ts";

/** What transitions are made from: the schema before, the one that is wanted, both by the names of before, and the one in between. */
export interface Ground {
  readonly before: SchemaModel;
  readonly target: SchemaModel;
  readonly middle: SchemaModel;
  readonly evidence: Evidence;
}

/** An object that stands in the way of a plan. */
export class InTheWay {
  readonly kind: ObjectKind;
  readonly object: string;
  readonly reason: string;

  constructor(kind: ObjectKind, object: string, reason: string) {
    this.kind = kind;
    this.object = object;
    this.reason = reason;
  }
}

/** A column of a model by its qualified name. */
export function columnOf(model: SchemaModel, table: string, column: string): SchemaObject | undefined {
  return model.objects[`column:${table}.${qualifiedName(column)}`];
}

/** The bare name of a column. */
export function bareName(column: SchemaObject): string {
  return nameParts(column.name).at(-1)!;
}

/** The type of a column with its collation, as a definition says it. */
export function typeOf({ fields }: SchemaObject): string {
  return fields.collation === undefined ? String(fields.type) : `${fields.type} COLLATE ${fields.collation}`;
}

/** Columns of the primary key, else of a unique key none of whose columns can be NULL; what stands in the way where there is neither. */
export function batchKey({ before, middle }: Ground, table: string): readonly string[] | InTheWay {
  const keys = Object.values(before.objects).filter(
    ({ kind, of, fields }) =>
      kind === "constraint" && of === `table:${table}` && ["primary key", "unique"].includes(String(fields.type)),
  );
  const sure = keys
    .sort((a, b) => (String(a.fields.type) < String(b.fields.type) ? -1 : 1))
    .map(({ fields }) => list(fields.columns).flatMap((name) => nameParts(name)))
    .find((columns) =>
      columns.every(
        (column) =>
          columnOf(before, table, column)?.fields.notNull === true &&
          columnOf(middle, table, column)?.fields.notNull === true,
      ),
    );
  return (
    sure ?? new InTheWay("table", table, "it has no primary key, nor a unique key without NULL, to go along in batches")
  );
}

/** Why a trigger of a table cannot see all of its rows; null where it can. */
export function beyondTriggers({ before }: Ground, table: string): InTheWay | null {
  const heir = Object.values(before.objects).find(
    ({ kind, fields }) => kind === "table" && fields.partitionOf === undefined && list(fields.inherits).includes(table),
  );
  const own = before.objects[`table:${table}`];
  if (heir) return new InTheWay("table", table, `${heir.name} inherits from it, and triggers are not inherited`);
  if (own?.fields.foreign === true) return new InTheWay("table", table, "its rows are on another server");
  return null;
}

/** A name that nothing in a table has, before or after. */
export function freeColumnName({ before, target }: Ground, table: string, wanted: string): string {
  for (let at = 1; ; at++) {
    const name = at === 1 ? wanted : `${wanted}${at}`;
    if (!columnOf(before, table, name) && !columnOf(target, table, name)) return name;
  }
}
