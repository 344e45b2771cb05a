import { dropped } from "../drops.ts";
import { defineRule } from "../rule.ts";

export const dropTable = defineRule({
  id: "drop-table",
  subject: "destruction",
  severity: "error",
  title: "A table is dropped",
  why: "Code that still reads or writes the table fails from this moment on, and its rows are gone: a way back makes an empty table.",
  instead:
    "Deploy code that no longer uses the table first, keep its rows where they may be needed, and drop it in a later migration of its own.",
  silent: "The table comes into being in the same migration.",
  bad: [{ sql: "DROP TABLE orders" }, { sql: "DROP TABLE IF EXISTS orders, users CASCADE" }],
  good: [
    { sql: "CREATE TABLE draft (id bigint PRIMARY KEY);\nDROP TABLE draft" },
    { sql: "DROP INDEX IF EXISTS orders_old" },
  ],
  on: {
    drop: (action, at) =>
      dropped(
        ["table", "foreign table"],
        action,
        at,
        (name) => `${name} is dropped: whatever still uses it fails, and its rows are gone`,
      ),
  },
});
