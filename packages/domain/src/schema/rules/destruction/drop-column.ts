import { full, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const dropColumn = defineRule({
  id: "drop-column",
  subject: "destruction",
  severity: "error",
  title: "A column is dropped",
  why: "Code that still reads or writes the column fails from this moment on, also code that lists all columns from a cache. Its values are gone: a way back restores the column, not what was in it.",
  instead:
    "Deploy code that no longer uses the column first, keep its values where they may be needed, and drop it in a later migration of its own.",
  silent: "The table comes into being in the same migration.",
  bad: [{ sql: "ALTER TABLE users DROP COLUMN name" }],
  good: [
    { sql: "ALTER TABLE users ALTER COLUMN name DROP DEFAULT" },
    { sql: "CREATE TABLE visits (id bigint PRIMARY KEY, at timestamptz);\nALTER TABLE visits DROP COLUMN at" },
  ],
  on: {
    drop_column: ({ table, column }, { migration, statement }) =>
      migration.isNewColumn(table, column, statement)
        ? null
        : {
            message: `${shown(table, column)} is dropped: whatever still uses it fails, and its values are gone`,
            breaking: true,
            objects: [full(table, column)],
          },
  },
});
