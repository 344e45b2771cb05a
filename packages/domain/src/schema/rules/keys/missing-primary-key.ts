import { sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const missingPrimaryKey = defineRule({
  id: "missing-primary-key",
  subject: "keys",
  severity: "warning",
  title: "A table without primary key",
  why: "Rows cannot be told apart: tools cannot update one of two equal ones, foreign keys have nothing to point at, and logical replication refuses updates and deletes.",
  instead: "Give it a key: id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, or the columns that identify a row.",
  silent:
    "The table gets its key later in the same migration, is temporary, is a partition, or takes its shape from elsewhere.",
  bad: [{ sql: "CREATE TABLE visits (user_id bigint, at timestamptz)" }],
  good: [
    { sql: "CREATE TABLE visits (id bigint PRIMARY KEY)" },
    { sql: "CREATE TABLE visits (a bigint, b bigint, PRIMARY KEY (a, b))" },
    { sql: "CREATE TABLE visits (id bigint);\nALTER TABLE visits ADD PRIMARY KEY (id)" },
    { sql: "CREATE TABLE visits (at date);\nALTER TABLE visits ADD COLUMN id bigint PRIMARY KEY" },
    { sql: "CREATE TEMPORARY TABLE visits (at date)" },
    { given: "CREATE TABLE log (at date) PARTITION BY RANGE (at)", sql: "CREATE TABLE log_1 PARTITION OF log DEFAULT" },
    { sql: "CREATE TABLE copy (LIKE users INCLUDING ALL)" },
    {
      sql: "CREATE TABLE visits (id bigint NOT NULL);\nCREATE UNIQUE INDEX visits_id ON visits (id);\nALTER TABLE visits ADD CONSTRAINT visits_pkey PRIMARY KEY USING INDEX visits_id",
    },
  ],
  on: {
    create_table: (action, { migration }) => {
      const { table, columns, constraints, persistence, partitionOf, inherits, columnsElsewhere } = action;
      if (persistence === "temporary" || partitionOf !== null || inherits.length > 0 || columnsElsewhere) return null;
      const own = [...constraints, ...columns.flatMap((column) => column.constraints)];
      const later = migration.statements.flatMap(({ actions }) =>
        actions.flatMap((other) => {
          if (other.does === "add_constraint" && sameName(other.table, table)) return [other.constraint];
          return other.does === "add_column" && sameName(other.table, table) ? other.column.constraints : [];
        }),
      );
      if ([...own, ...later].some(({ kind }) => kind === "primary key")) return null;
      return { message: `${shown(table)} has no primary key` };
    },
  },
});
