import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const dropNotNull = defineRule({
  id: "drop-not-null",
  subject: "destruction",
  severity: "info",
  title: "A column may be NULL from now on",
  why: "Code that reads the column never met NULL there; the first one may break it. To take it back every NULL has to be filled.",
  instead: "Deploy code that reads NULL first.",
  silent: "The column comes into being in the same migration.",
  bad: [{ sql: "ALTER TABLE users ALTER COLUMN email DROP NOT NULL" }],
  good: [
    {
      sql: "CREATE TABLE draft (id bigint PRIMARY KEY, at date NOT NULL);\nALTER TABLE draft ALTER COLUMN at DROP NOT NULL",
    },
  ],
  on: {
    drop_not_null: ({ table, column }, { migration, statement }) =>
      migration.isNewColumn(table, column, statement)
        ? null
        : { message: `${shown(table, column)} may be NULL from now on: readers that never met one may fail` },
  },
});
