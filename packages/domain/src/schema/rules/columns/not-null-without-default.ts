import { onNewColumns } from "../column-types.ts";
import { full, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const notNullWithoutDefault = defineRule({
  id: "not-null-without-default",
  subject: "columns",
  severity: "error",
  title: "A column is added NOT NULL without a default",
  why: "The rows that are there have no value for it: the statement fails on the first table that is not empty. Where it is empty, inserts that do not name the column fail from then on.",
  instead:
    "Add it with a constant default, which costs nothing, or add it nullable, fill it in batches, and set NOT NULL later.",
  silent: "The table comes into being in the same migration.",
  bad: [{ sql: "ALTER TABLE users ADD COLUMN plan text NOT NULL" }],
  good: [
    { sql: "ALTER TABLE users ADD COLUMN plan text NOT NULL DEFAULT 'free'" },
    { sql: "ALTER TABLE users ADD COLUMN twice integer NOT NULL GENERATED ALWAYS AS (2) STORED" },
    { sql: "CREATE TABLE draft (id bigint PRIMARY KEY);\nALTER TABLE draft ADD COLUMN at date NOT NULL" },
    { sql: "ALTER TABLE users ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY" },
  ],
  on: onNewColumns((column, table) => {
    const { notNull, identity, generated, type } = column;
    if (!notNull || column.default !== null || identity !== null || generated !== null || /serial$/.test(type.name))
      return null;
    return {
      message: `${shown(table, column.name)} is NOT NULL without a default: adding it fails as soon as the table has a row`,
      breaking: true,
      objects: [full(table, column.name)],
      place: column.place,
    };
  }),
});
