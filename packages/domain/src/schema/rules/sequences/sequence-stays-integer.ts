import { columnIn, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const sequenceStaysInteger = defineRule({
  id: "sequence-stays-integer",
  subject: "sequences",
  severity: "info",
  title: "A column becomes bigint and its sequence stays integer",
  why: "The sequence of a serial column is of type integer: it ends at 2,147,483,647 however large the column is.",
  instead: "ALTER SEQUENCE … AS bigint in the same migration.",
  silent: "A sequence becomes bigint in the same migration, or the column is known not to have an integer one.",
  bad: [
    { given: "CREATE TABLE visits (id serial PRIMARY KEY)", sql: "ALTER TABLE visits ALTER COLUMN id TYPE bigint" },
  ],
  good: [
    {
      given: "CREATE TABLE visits (id serial PRIMARY KEY)",
      sql: "ALTER TABLE visits ALTER COLUMN id TYPE bigint;\nALTER SEQUENCE visits_id_seq AS bigint",
    },
    { sql: "ALTER TABLE users ALTER COLUMN name TYPE text" },
    { sql: "CREATE TABLE draft (id integer);\nALTER TABLE draft ALTER COLUMN id TYPE bigint" },
  ],
  harmless: [{ sql: "ALTER TABLE users ALTER COLUMN age TYPE bigint" }],
  readsSchema: true,
  on: {
    alter_column_type: ({ table, column, type }, { migration, statement }) => {
      if (type.name !== "bigint" || migration.isNewColumn(table, column, statement)) return null;
      if (
        migration.statements.some(({ actions }) =>
          actions.some((action) => action.does === "alter_sequence" && action.options.as === "bigint"),
        )
      )
        return null;
      const found = columnIn(migration.before, table, column);
      const counted =
        found === null ||
        Object.values(migration.before!.objects).some(
          ({ kind, fields }) => kind === "sequence" && fields.ownedBy === found.name && fields.type === "integer",
        );
      return counted
        ? { message: `If a sequence numbers ${shown(table, column)}, it still ends at 2,147,483,647` }
        : null;
    },
  },
});
