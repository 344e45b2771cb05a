import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const ifNotExistsHides = defineRule({
  id: "if-not-exists-hides",
  subject: "naming",
  severity: "info",
  title: "IF NOT EXISTS takes any table of that name for the right one",
  why: "If a table or column of that name is there already, of whatever shape, nothing happens and the migration counts as done: the schemas of two environments drift apart unnoticed.",
  instead:
    "Leave IF NOT EXISTS out where the migration runs in a transaction: it runs once, and a surprise is better heard.",
  silent: "The file runs without a transaction and may have to be repeated.",
  bad: [
    { sql: "CREATE TABLE IF NOT EXISTS visits (id bigint PRIMARY KEY)" },
    { sql: "ALTER TABLE users ADD COLUMN IF NOT EXISTS nick text" },
  ],
  good: [
    { sql: "CREATE TABLE visits (id bigint PRIMARY KEY)" },
    { sql: "ALTER TABLE users ADD COLUMN IF NOT EXISTS nick text", transactional: false },
  ],
  on: {
    create_table: ({ table, ifNotExists }, { migration }) =>
      ifNotExists && migration.transactional
        ? { message: `A table ${shown(table)} of any shape would pass for this one` }
        : null,
    add_column: ({ table, column, ifNotExists }, { migration }) =>
      ifNotExists && migration.transactional
        ? { message: `A column ${shown(table, column.name)} of any type would pass for this one`, place: column.place }
        : null,
  },
});
