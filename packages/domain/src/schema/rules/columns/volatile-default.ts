import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";
import { isVolatile } from "../volatility.ts";

export const volatileDefault = defineRule({
  id: "volatile-default",
  subject: "columns",
  severity: "error",
  title: "A new column gets a different value in each row",
  why: "A constant default, and one like now() that is the same for the whole statement, is kept once in the catalog. A default that is worked out for each row makes Postgres write every row anew while nobody can read or write the table.",
  instead:
    "Add the column without a default, set the default in a second statement (it counts for new rows), and fill the old rows in batches.",
  silent: "The table comes into being in the same migration, or running it shows that nothing is rewritten.",
  bad: [{ sql: "ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid()" }],
  good: [
    {
      sql: "ALTER TABLE users ADD COLUMN token uuid;\nALTER TABLE users ALTER COLUMN token SET DEFAULT gen_random_uuid()",
    },
    {
      sql: "ALTER TABLE users ADD COLUMN seen_at timestamptz DEFAULT now()",
      note: "now() is stable: it is worked out once.",
    },
  ],
  harmless: [],
  on: {
    add_column: ({ table, column }, { migration, statement }) =>
      column.default === null ||
      !isVolatile(column.default) ||
      migration.isNew(table, statement) ||
      statement.measured?.rewrites.length === 0
        ? null
        : {
            message: `${shown(table, column.name)} gets its default worked out for each row: ${shown(table)} is rewritten, and nobody reads or writes it meanwhile`,
            place: column.place,
          },
  },
});
