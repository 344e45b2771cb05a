import type { Action } from "@change-mgmt/domain/schema/rules/actions.ts";
import { bareTable } from "../references/table-reference.ts";

/** What a migration does to a table that was there. */
export interface Touch {
  readonly table: string;
  /** Null for all of it. */
  readonly columns: readonly string[] | null;
  /** In words, such as `drop column`. */
  readonly what: string;
  /** Whether those who read or write what is touched may fail afterwards. */
  readonly breaking: boolean;
  readonly line: number;
}

const BREAKING: ReadonlySet<string> = new Set([
  "drop_column",
  "alter_column_type",
  "set_not_null",
  "drop",
  "rename",
  "set_schema",
  "add_constraint",
  "truncate",
  "delete",
  "row_security",
  "create_policy",
  "alter_policy",
]);
const OF_TABLES: ReadonlySet<string> = new Set(["table", "view", "materialized view", "foreign table"]);

/** The tables and columns that actions touch. New tables are touched by nobody yet, and are left out. */
export function touchesOf(actions: readonly Action[], line: number): Touch[] {
  return actions.flatMap((action): Touch[] => {
    const what = action.does.replaceAll("_", " ");
    const breaking = BREAKING.has(action.does);
    const touch = (table: string, columns: readonly string[] | null, breaks = breaking): Touch => ({
      table: bareTable(table),
      columns,
      what,
      breaking: breaks,
      line,
    });
    switch (action.does) {
      case "create_table":
      case "create_view":
      case "create_materialized_view":
      case "create_trigger":
        return action.does === "create_trigger" ? [touch(action.table.name, null)] : [];
      case "add_column": {
        const needed = action.column.notNull && action.column.default === null && action.column.identity === null;
        return [touch(action.table.name, [action.column.name], needed)];
      }
      case "create_index":
        return [
          touch(
            action.table.name,
            action.keys.flatMap(({ column }) => column ?? []),
            action.unique,
          ),
        ];
      case "add_constraint":
        return [touch(action.table.name, action.constraint.columns.length > 0 ? action.constraint.columns : null)];
      case "drop":
        return [
          ...(OF_TABLES.has(action.object) ? action.names.map(({ name }) => touch(name, null)) : []),
          ...(action.on ? [touch(action.on.name, null, false)] : []),
        ];
      case "rename":
        return action.object === "column"
          ? [touch(action.of.name, [action.from])]
          : OF_TABLES.has(action.object)
            ? [touch(action.from, null)]
            : [];
      case "set_schema":
        return [touch(action.name.name, null)];
      case "truncate":
        return action.tables.map(({ name }) => touch(name, null));
      default:
        if ("table" in action && action.table !== null && typeof action.table === "object" && "name" in action.table)
          return [
            touch(action.table.name, "column" in action && typeof action.column === "string" ? [action.column] : null),
          ];
        return [];
    }
  });
}
