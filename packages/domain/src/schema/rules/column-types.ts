import type { SchemaObject } from "../model.ts";
import type { ColumnFacts, Name, TypeFacts } from "./actions.ts";
import type { At, Found, Rule } from "./rule.ts";

type OnColumn = (column: ColumnFacts, table: Name, at: At) => Found | null;

/** Looks at every column that a statement makes. */
export function onColumns(judge: OnColumn): Rule["on"] {
  return {
    create_table: ({ table, columns }, at) => columns.flatMap((column) => judge(column, table, at) ?? []),
    add_column: ({ table, column }, at) => judge(column, table, at),
  };
}

/** Looks at every type that a statement gives a column. */
export function onTypes(judge: (type: TypeFacts, column: string, table: Name) => Found | null): Rule["on"] {
  return {
    ...onColumns(({ type, name }, table) => judge(type, name, table)),
    alter_column_type: ({ table, column, type }) => judge(type, column, table),
  };
}

/** Looks at every column that is added to a table which was there before. */
export function onNewColumns(judge: OnColumn): Rule["on"] {
  return {
    add_column: ({ table, column }, at) => (at.migration.isNew(table, at.statement) ? null : judge(column, table, at)),
  };
}

/** A type as a model has it: `character varying(50)`. */
export function typeWords({ name, modifiers, array }: TypeFacts): string {
  const [head, ...tail] = name.split(/ (?=with)/);
  const numbers = modifiers.length === 0 ? "" : `(${modifiers.join(",")})`;
  return `${[`${head}${numbers}`, ...tail].join(" ")}${array ? "[]" : ""}`;
}

/** The type of a column of a model. */
export function typeOf(column: SchemaObject | null): string | null {
  return column === null ? null : String(column.fields.type);
}
