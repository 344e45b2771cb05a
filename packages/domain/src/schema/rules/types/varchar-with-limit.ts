import { onColumns } from "../column-types.ts";
import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const varcharWithLimit = defineRule({
  id: "varchar-with-limit",
  subject: "types",
  severity: "info",
  title: "A column of type varchar(n)",
  why: "The limit saves no room and no time. A longer one costs nothing later; a shorter one, or another rule about the length, reads the whole table.",
  instead:
    "text, with a CHECK on char_length() where the length matters: a check can be added and changed without blocking anybody.",
  bad: [{ sql: "ALTER TABLE users ADD COLUMN city varchar(30)" }],
  good: [
    { sql: "ALTER TABLE users ADD COLUMN city text" },
    { sql: "ALTER TABLE users ADD COLUMN city varchar" },
    { sql: "ALTER TABLE users ALTER COLUMN name TYPE varchar(100)", note: "A column that has a limit already." },
  ],
  on: onColumns(({ type, name }, table) =>
    type.name === "character varying" && type.modifiers.length > 0
      ? {
          message: `${shown(table, name)} is limited to ${type.modifiers[0]} characters by its type`,
          place: type.place,
        }
      : null,
  ),
});
