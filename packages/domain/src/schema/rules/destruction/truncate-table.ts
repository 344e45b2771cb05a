import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const truncateTable = defineRule({
  id: "truncate-table",
  subject: "destruction",
  severity: "error",
  title: "A table is emptied",
  why: "All rows are gone, triggers for DELETE do not run, and nobody can read the table meanwhile. With CASCADE the tables that refer to it are emptied as well.",
  instead: "Delete the rows that shall go, in batches, with a WHERE that says which.",
  silent: "The table comes into being in the same migration.",
  bad: [{ sql: "TRUNCATE orders" }, { sql: "TRUNCATE users CASCADE" }],
  good: [{ sql: "CREATE TABLE draft (id bigint PRIMARY KEY);\nTRUNCATE draft" }],
  on: {
    truncate: ({ tables, cascade }, { migration, statement }) => {
      const names = tables.filter((table) => !migration.isNew(table, statement)).map((table) => shown(table));
      if (names.length === 0) return null;
      const more = cascade ? ", and so is every table that refers to it" : "";
      return { message: `${names.join(", ")} is emptied${more}: the rows are gone`, breaking: true };
    },
  },
});
