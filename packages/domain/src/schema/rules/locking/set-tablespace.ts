import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const setTablespace = defineRule({
  id: "set-tablespace",
  subject: "locking",
  severity: "error",
  title: "A table or index moves to another tablespace",
  why: "SET TABLESPACE copies its files byte by byte while nobody can read or write it.",
  instead:
    "For an index: build a new one there CONCURRENTLY and drop the old. For a table: make a second one there, fill it in batches, and swap the names.",
  bad: [{ sql: "ALTER TABLE orders SET TABLESPACE pg_default" }],
  good: [{ sql: "ALTER TABLE orders SET (fillfactor = 90)" }],
  on: {
    set_tablespace: ({ table, object }) => ({
      message: `The ${object} ${shown(table)} is copied, and nobody reads or writes it meanwhile`,
    }),
  },
});
