import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const deleteWithoutWhere = defineRule({
  id: "delete-without-where",
  subject: "destruction",
  severity: "error",
  title: "All rows of a table are deleted",
  why: "A DELETE without a condition takes every row, one by one, in one long transaction; a way back cannot restore them.",
  instead: "Say with WHERE which rows shall go, and delete many of them in batches.",
  silent: "The table comes into being in the same migration.",
  bad: [{ sql: "DELETE FROM orders" }, { sql: "DELETE FROM orders WHERE true" }],
  good: [
    { sql: "DELETE FROM orders WHERE status = 'draft'" },
    { sql: "CREATE TABLE draft (id bigint PRIMARY KEY);\nDELETE FROM draft" },
  ],
  on: {
    delete: ({ table, where }, { migration, statement }) =>
      where || migration.isNew(table, statement)
        ? null
        : { message: `Every row of ${shown(table)} is deleted`, breaking: true },
  },
});
