import { full, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const renameColumn = defineRule({
  id: "rename-column",
  subject: "renaming",
  severity: "error",
  title: "A column is renamed",
  why: "Code that knows the old name fails from this moment on. There is no moment at which old and new code both work.",
  instead:
    "Add the new column, write both, fill the old rows in batches, move readers over, and drop the old column in a later migration.",
  silent: "The table comes into being in the same migration.",
  bad: [
    { sql: "ALTER TABLE users RENAME COLUMN name TO full_name" },
    { given: "CREATE TYPE pair AS (a integer, b integer)", sql: "ALTER TYPE pair RENAME ATTRIBUTE a TO c" },
  ],
  good: [
    { sql: "CREATE TABLE draft (id bigint PRIMARY KEY);\nALTER TABLE draft RENAME COLUMN id TO number" },
    { sql: "ALTER TABLE users RENAME CONSTRAINT users_pkey TO users_key" },
  ],
  on: {
    rename: ({ object, of, from, to }, { migration, statement }) => {
      if ((object !== "column" && object !== "attribute") || migration.isNewColumn(of, from, statement)) return null;
      return {
        message: `${shown(of, from)} is renamed to ${to}: whatever knows the old name fails`,
        breaking: true,
        objects: [full(of, from), full(of)],
      };
    },
  },
});
