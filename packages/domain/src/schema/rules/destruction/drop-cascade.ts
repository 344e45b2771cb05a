import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const dropCascade = defineRule({
  id: "drop-cascade",
  subject: "destruction",
  severity: "warning",
  title: "CASCADE takes along what nobody listed",
  why: "CASCADE drops whatever depends on the object on the target: views, foreign keys, policies, columns. What that is shows only when it is gone, and a way back does not know it.",
  instead:
    "Drop the dependents by name first and leave CASCADE out; Postgres then refuses while anything still depends on it.",
  bad: [
    { sql: "DROP TABLE users CASCADE" },
    { sql: "ALTER TABLE users DROP COLUMN name CASCADE" },
    { sql: "ALTER TABLE users DROP CONSTRAINT users_pkey CASCADE" },
  ],
  good: [
    { sql: "DROP TABLE users" },
    { sql: "ALTER TABLE users DROP COLUMN name" },
    { sql: "ALTER TABLE users DROP CONSTRAINT users_pkey" },
    {
      sql: "CREATE TABLE draft (id bigint PRIMARY KEY);\nDROP TABLE draft CASCADE",
      note: "The table comes into being in the same migration.",
    },
  ],
  on: {
    drop: ({ object, names, cascade }, { migration, statement }) => {
      const old = names.filter((name) => !migration.isNew(name, statement));
      if (!cascade || old.length === 0) return null;
      return {
        message: `Dropping ${object} ${old.map((name) => shown(name)).join(", ")} takes along whatever depends on it`,
      };
    },
    drop_column: ({ table, column, cascade }) =>
      cascade ? { message: `Dropping ${shown(table, column)} takes along whatever depends on it` } : null,
    drop_constraint: ({ table, name, cascade }) =>
      cascade ? { message: `Dropping constraint ${name} of ${shown(table)} takes along whatever depends on it` } : null,
  },
});
