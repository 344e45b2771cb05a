import type { Name } from "../actions.ts";
import { type Migration, sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const tableWithoutRowSecurity = defineRule({
  id: "table-without-row-security",
  subject: "security",
  severity: "error",
  title: "A table that everybody can reach has no row security",
  why: "Tables of the schema public are served to everybody through an API here, and row security is all that guards them: without it anybody reads and writes every row.",
  instead: "ALTER TABLE … ENABLE ROW LEVEL SECURITY in the same migration, and a policy for each way it shall be used.",
  silent:
    "The migration enables row security on it, the table is in another schema or temporary, or the project serves no schema to everybody.",
  bad: [{ sql: "CREATE TABLE visits (id bigint PRIMARY KEY)", exposed: true }],
  good: [
    {
      sql: "CREATE TABLE visits (id bigint PRIMARY KEY);\nALTER TABLE visits ENABLE ROW LEVEL SECURITY",
      exposed: true,
    },
    { sql: "CREATE TABLE visits (id bigint PRIMARY KEY)" },
    { given: "CREATE SCHEMA private", sql: "CREATE TABLE private.visits (id bigint PRIMARY KEY)", exposed: true },
    { sql: "CREATE TEMPORARY TABLE visits (id bigint PRIMARY KEY)", exposed: true },
  ],
  on: {
    create_table: ({ table, persistence }, { migration }) => {
      if (!migration.exposed || persistence === "temporary" || (table.schema ?? "public") !== "public") return null;
      return enables(migration, table) ? null : { message: `Anybody reads and writes every row of ${shown(table)}` };
    },
  },
});

function enables({ statements }: Migration, table: Name): boolean {
  return statements.some(({ actions }) =>
    actions.some(
      (action) => action.does === "row_security" && action.set === "enable" && sameName(action.table, table),
    ),
  );
}
