import { typeOf, typeWords } from "../column-types.ts";
import { columnIn, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const timestampConversionBySession = defineRule({
  id: "timestamp-conversion-by-session",
  subject: "columns",
  severity: "warning",
  title: "A timestamp is converted by the session's time zone",
  why: "Between timestamp and timestamptz Postgres reads the values in the TimeZone of whoever runs the migration: another session, another instant. Whether it rewrites the table depends on that setting too, so a trial in UTC does not show it.",
  instead: "Say what the values mean: ALTER COLUMN … TYPE timestamptz USING … AT TIME ZONE 'UTC'.",
  silent: "The column is known to have the type already, or the table comes into being in the same migration.",
  bad: [
    {
      given: "ALTER TABLE users ADD COLUMN seen timestamp",
      sql: "ALTER TABLE users ALTER COLUMN seen TYPE timestamptz",
    },
  ],
  good: [
    {
      given: "ALTER TABLE users ADD COLUMN seen timestamp",
      sql: "ALTER TABLE users ALTER COLUMN seen TYPE timestamptz USING seen AT TIME ZONE 'UTC'",
    },
    { sql: "ALTER TABLE users ALTER COLUMN age TYPE bigint" },
    { sql: "CREATE TABLE draft (at timestamp);\nALTER TABLE draft ALTER COLUMN at TYPE timestamptz" },
  ],
  harmless: [
    { sql: "ALTER TABLE users ALTER COLUMN created_at TYPE timestamptz" },
    {
      given: "ALTER TABLE users ADD COLUMN seen text",
      sql: "ALTER TABLE users ALTER COLUMN seen TYPE timestamptz USING now()",
    },
  ],
  readsSchema: true,
  on: {
    alter_column_type: ({ table, column, type, using }, { migration, statement }) => {
      if (
        !type.name.startsWith("timestamp") ||
        using?.calls.includes("timezone") ||
        migration.isNewColumn(table, column, statement)
      )
        return null;
      const from = typeOf(columnIn(migration.before, table, column));
      if (from !== null && (!from.startsWith("timestamp") || from === typeWords(type))) return null;
      return {
        message: `${shown(table, column)} is read in the time zone of whichever session runs this`,
        place: type.place,
      };
    },
  },
});
