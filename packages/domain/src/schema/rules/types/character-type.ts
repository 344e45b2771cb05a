import { onTypes } from "../column-types.ts";
import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const characterType = defineRule({
  id: "character-type",
  subject: "types",
  severity: "warning",
  title: "A column of type character(n)",
  why: "It pads with blanks up to its length and leaves them out again when comparing: it saves no room, and values come back longer than they were written.",
  instead: "text, with a CHECK on char_length() where the length matters.",
  bad: [
    { sql: "CREATE TABLE countries (code char(2) PRIMARY KEY)" },
    { sql: "ALTER TABLE users ADD COLUMN country character(2)" },
    { sql: "ALTER TABLE users ALTER COLUMN name TYPE char(50)" },
  ],
  good: [{ sql: "CREATE TABLE countries (code text PRIMARY KEY CHECK (char_length(code) = 2))" }],
  on: onTypes((type, column, table) =>
    type.name === "character" ? { message: `${shown(table, column)} is padded with blanks`, place: type.place } : null,
  ),
});
