import type { Name } from "./actions.ts";
import { typeOf, typeWords } from "./column-types.ts";
import type { StatementFacts } from "./facts.ts";
import { columnIn, type Migration, relationIn, sameName } from "./migration.ts";

/** Columns of the indexes, keys and unique constraints that the file gives a table, up to a statement where one is said; partial and expression indexes left out. */
export function keysMade(table: Name, { statements }: Migration, before?: StatementFacts): (readonly string[])[] {
  return statements.flatMap(({ index, actions }) =>
    before !== undefined && index >= before.index
      ? []
      : actions.flatMap((action) => {
          if (!("table" in action) || action.table === null || !sameName(action.table, table)) return [];
          switch (action.does) {
            case "create_index":
              return action.where === null ? [action.keys.map(({ column }) => column ?? "")] : [];
            case "create_table":
              return keysAmong([...action.constraints, ...action.columns.flatMap((column) => column.constraints)]);
            case "add_column":
              return keysAmong(action.column.constraints);
            case "add_constraint":
              return keysAmong([action.constraint]);
            default:
              return [];
          }
        }),
  );
}

function keysAmong(
  constraints: readonly { readonly kind: string; readonly columns: readonly string[] }[],
): (readonly string[])[] {
  return constraints.filter(({ kind }) => kind === "primary key" || kind === "unique").map(({ columns }) => columns);
}

/** Columns of the btree indexes that a table has in the schema after the migration, partial and expression indexes left out. */
export function keysKept(table: Name, { after }: Migration): (readonly string[])[] {
  const found = after === null ? null : relationIn(after, table);
  if (found === null) return [];
  return Object.values(after!.objects).flatMap((object) => {
    if (object.fields.table !== found.name) return [];
    if (object.kind === "constraint") {
      const { columns, type } = object.fields;
      return Array.isArray(columns) && (type === "primary key" || type === "unique")
        ? [columns as readonly string[]]
        : [];
    }
    const columns =
      object.kind === "index"
        ? /USING btree \(([^()]*)\)(?!.*WHERE)/.exec(String(object.fields.definition))?.[1]
        : undefined;
    return columns === undefined
      ? []
      : [columns.split(", ").map((column) => column.replace(/ .*/, "").replaceAll('"', ""))];
  });
}

/** The columns of a table's primary key, as far as file or schema tell. */
export function primaryKeyOf(table: Name, { statements, after }: Migration): readonly string[] {
  for (const { actions } of statements) {
    for (const action of actions) {
      if (action.does !== "create_table" || !sameName(action.table, table)) continue;
      const all = [...action.constraints, ...action.columns.flatMap((column) => column.constraints)];
      return all.find(({ kind }) => kind === "primary key")?.columns ?? [];
    }
  }
  const found = after === null ? null : relationIn(after, table);
  const key = Object.values(after?.objects ?? {}).find(
    ({ kind, fields }) => kind === "constraint" && fields.table === found?.name && fields.type === "primary key",
  );
  return Array.isArray(key?.fields.columns) ? (key.fields.columns as readonly string[]) : [];
}

/** The type of a column as a key sees it, serial as the integer that it is; null when neither file nor schema tells. */
export function keyType(table: Name, column: string, { statements, after }: Migration): string | null {
  for (const { actions } of statements) {
    for (const action of actions) {
      if ((action.does !== "create_table" && action.does !== "add_column") || !sameName(action.table, table)) continue;
      const columns = action.does === "create_table" ? action.columns : [action.column];
      const made = columns.find(({ name }) => name === column);
      if (made !== undefined) return SERIAL[made.type.name] ?? typeWords(made.type);
    }
  }
  return typeOf(columnIn(after, table, column));
}

const SERIAL: Readonly<Record<string, string>> = { serial: "integer", bigserial: "bigint", smallserial: "smallint" };
