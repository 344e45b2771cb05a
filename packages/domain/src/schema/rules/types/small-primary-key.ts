import { shown } from "../migration.ts";
import { defineRule, type Found } from "../rule.ts";

export const smallPrimaryKey = defineRule({
  id: "small-primary-key",
  subject: "types",
  severity: "warning",
  title: "A primary key that runs out of numbers",
  why: "integer ends at 2,147,483,647 and smallint at 32,767, rolled-back inserts count too. Then every insert fails, and the way to bigint writes the table and all that refer to it anew.",
  instead: "bigint, or a uuid.",
  silent:
    "The table is known to hold a fixed few rows: its key is given by hand and it is no serial or identity column.",
  bad: [
    { sql: "CREATE TABLE visits (id serial PRIMARY KEY)" },
    { sql: "CREATE TABLE visits (id integer GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (id))" },
    {
      sql: "CREATE TABLE visits (id integer PRIMARY KEY DEFAULT nextval('visit_number'))",
      given: "CREATE SEQUENCE visit_number",
    },
    { sql: "CREATE TABLE visits (id smallserial PRIMARY KEY)" },
  ],
  good: [
    { sql: "CREATE TABLE visits (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)" },
    { sql: "CREATE TABLE countries (number smallint PRIMARY KEY, name text NOT NULL)" },
    { sql: "CREATE TABLE visits (id serial, at date)" },
    { sql: "CREATE TABLE visits (user_id integer, at date DEFAULT now(), PRIMARY KEY (user_id, at))" },
  ],
  on: {
    create_table: ({ table, columns, constraints }) =>
      columns.flatMap((column): Found[] => {
        const { name, type, identity } = column;
        const key = [...constraints, ...column.constraints].some(
          ({ kind, columns: of }) => kind === "primary key" && of.length === 1 && of[0] === name,
        );
        const counts =
          identity !== null || /serial$/.test(type.name) || column.default?.calls.includes("nextval") === true;
        if (!key || !counts || !/^(?:integer|smallint|serial|smallserial)$/.test(type.name)) return [];
        const end = type.name.startsWith("small") ? "32,767" : "2,147,483,647";
        return [{ message: `${shown(table, name)} runs out of numbers at ${end}`, place: type.place }];
      }),
  },
});
