import { widens } from "../../type-widening.ts";
import { typeOf, typeWords } from "../column-types.ts";
import { showsNoRewrite } from "../measured.ts";
import { columnIn, full, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const changeColumnType = defineRule({
  id: "change-column-type",
  subject: "columns",
  severity: "error",
  title: "A column changes its type",
  why: "Most changes of type make Postgres write every row and every index anew while nobody can read or write the table. Values may not fit, and code that expects the old type may fail. A longer varchar, varchar to text and a larger numeric of the same scale change nothing but the catalog.",
  instead:
    "Add a column of the new type, write both, fill it in batches, move readers over, and drop the old column in a later migration.",
  silent:
    "The column comes into being in the same migration, or the schema before and running it show that the type only widens and nothing is rewritten. Without a run it is a warning.",
  bad: [
    { sql: "ALTER TABLE users ALTER COLUMN age TYPE bigint" },
    { sql: "ALTER TABLE users ALTER COLUMN name TYPE varchar(10)" },
    { sql: "ALTER TABLE orders ALTER COLUMN status TYPE integer USING status::integer" },
    {
      given: "ALTER TABLE users ADD COLUMN seen timestamp",
      sql: "ALTER TABLE users ALTER COLUMN seen TYPE timestamptz",
    },
    { sql: "ALTER TABLE orders ALTER COLUMN status TYPE text[] USING ARRAY[status]" },
  ],
  good: [{ sql: "ALTER TABLE users ADD COLUMN code integer;\nALTER TABLE users ALTER COLUMN code TYPE bigint" }],
  harmless: [
    { sql: "ALTER TABLE users ALTER COLUMN name TYPE varchar(100)" },
    { sql: "ALTER TABLE users ALTER COLUMN name TYPE text" },
    { sql: "ALTER TABLE orders ALTER COLUMN total TYPE numeric(14,2)" },
  ],
  readsSchema: true,
  on: {
    alter_column_type: ({ table, column, type }, { migration, statement }) => {
      if (migration.isNewColumn(table, column, statement)) return null;
      const [to, from] = [typeWords(type), typeOf(columnIn(migration.before, table, column))];
      const keeps = from !== null && widens(from, to);
      const quiet = showsNoRewrite(statement);
      if (quiet && keeps) return null;
      const words = `${shown(table, column)} changes its type ${from === null ? "" : `from ${from} `}to ${to}`;
      const about = { breaking: from !== null && !keeps, objects: [full(table, column)], place: type.place };
      if (quiet)
        return { ...about, message: `${words}: nothing is rewritten, but readers may not understand its values` };
      return statement.measured === null
        ? {
            ...about,
            severity: "warning",
            message: `${words}: that may rewrite ${shown(table)} while nobody can read or write it`,
          }
        : { ...about, message: `${words}: ${shown(table)} is rewritten, and nobody reads or writes it meanwhile` };
    },
  },
});
