import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const updateWithoutWhere = defineRule({
  id: "update-without-where",
  subject: "destruction",
  severity: "warning",
  title: "All rows of a table are updated",
  why: "An UPDATE without a condition writes every row anew in one transaction: row locks on all of them until it ends, twice the space, and much for vacuum and replicas to do.",
  instead:
    "Update in batches (WHERE id BETWEEN … AND …), each in its own transaction, and say with WHERE which rows still need it.",
  silent: "The table comes into being in the same migration.",
  bad: [{ sql: "UPDATE users SET name = email" }],
  good: [
    { sql: "UPDATE users SET name = email WHERE name IS NULL" },
    { sql: "CREATE TABLE draft (id bigint PRIMARY KEY);\nUPDATE draft SET id = id + 1" },
  ],
  on: {
    update: ({ table, where }, { migration, statement }) =>
      where || migration.isNew(table, statement)
        ? null
        : { message: `Every row of ${shown(table)} is written anew in one transaction` },
  },
});
