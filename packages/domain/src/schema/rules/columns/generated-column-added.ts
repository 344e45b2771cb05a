import { onNewColumns } from "../column-types.ts";
import { showsNoRewrite } from "../measured.ts";
import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const generatedColumnAdded = defineRule({
  id: "generated-column-added",
  subject: "columns",
  severity: "error",
  title: "A stored generated column is added to a table with rows",
  why: "Its value is worked out for every row that is there, so Postgres writes the table anew while nobody can read or write it.",
  instead:
    "Add a plain column, fill it by trigger and in batches; or work the value out in a view, or with an index on the expression. From Postgres 18 a VIRTUAL column costs nothing.",
  silent: "The table comes into being in the same migration, or running it shows that nothing is rewritten.",
  bad: [{ sql: "ALTER TABLE orders ADD COLUMN cents bigint GENERATED ALWAYS AS (total * 100) STORED" }],
  good: [
    { sql: "ALTER TABLE orders ADD COLUMN cents bigint" },
    { sql: "ALTER TABLE orders ADD COLUMN cents numeric GENERATED ALWAYS AS (total * 100) VIRTUAL" },
  ],
  on: onNewColumns((column, table, { statement }) => {
    if (column.generated !== "stored" || showsNoRewrite(statement)) return null;
    return {
      message: `${shown(table, column.name)} is worked out for every row: ${shown(table)} is rewritten, and nobody reads or writes it meanwhile`,
      place: column.place,
    };
  }),
});
