import type { Name } from "../actions.ts";
import { showsNoScan } from "../measured.ts";
import { full, sameName, shown } from "../migration.ts";
import { type At, defineRule, type Found } from "../rule.ts";

export const setNotNull = defineRule({
  id: "set-not-null",
  subject: "locking",
  severity: "warning",
  title: "A column is searched for NULL while nobody reads or writes",
  why: "SET NOT NULL holds an ACCESS EXCLUSIVE lock while it reads the whole table, unless a validated CHECK (… IS NOT NULL) has proved it already (Postgres 12 and later). Writes without a value fail from then on.",
  instead:
    "ADD CONSTRAINT … CHECK (… IS NOT NULL) NOT VALID, VALIDATE CONSTRAINT in a later migration, then SET NOT NULL and drop the check.",
  silent:
    "The table comes into being in the same migration, the file validates such a check before, or running it shows that the table is not read through.",
  bad: [
    { sql: "ALTER TABLE users ALTER COLUMN name SET NOT NULL" },
    {
      sql: "ALTER TABLE users ADD CONSTRAINT named CHECK (name IS NOT NULL) NOT VALID;\nALTER TABLE users ALTER COLUMN name SET NOT NULL",
    },
    { sql: "ALTER TABLE users ADD CONSTRAINT named NOT NULL name" },
  ],
  good: [
    {
      given: "ALTER TABLE users ADD CONSTRAINT named CHECK (name IS NOT NULL) NOT VALID",
      sql: "ALTER TABLE users VALIDATE CONSTRAINT named;\nALTER TABLE users ALTER COLUMN name SET NOT NULL;\nALTER TABLE users DROP CONSTRAINT named",
    },
    { sql: "CREATE TABLE draft (id bigint, at date);\nALTER TABLE draft ALTER COLUMN at SET NOT NULL" },
    { sql: "ALTER TABLE users ADD CONSTRAINT adult CHECK (age >= 18) NOT VALID" },
  ],
  harmless: [
    {
      given: "ALTER TABLE users ADD CONSTRAINT named CHECK (name IS NOT NULL)",
      sql: "ALTER TABLE users ALTER COLUMN name SET NOT NULL",
    },
  ],
  on: {
    set_not_null: ({ table, column }, at) => searched(table, column, at),
    add_constraint: ({ table, constraint }, at) =>
      constraint.kind === "not null" && !constraint.notValid
        ? searched(table, constraint.columns.join(", "), at)
        : null,
  },
});

function searched(table: Name, column: string, { migration, statement }: At): Found | null {
  if (migration.isNew(table, statement) || showsNoScan(statement)) return null;
  const proved = migration.statements.some(
    ({ index, actions }) =>
      index < statement.index &&
      actions.some((action) => action.does === "validate_constraint" && sameName(action.table, table)),
  );
  if (proved && statement.measured === null) return null;
  return {
    message: `Nobody reads or writes ${shown(table)} while ${column} is searched for NULL`,
    breaking: true,
    objects: [full(table, column)],
  };
}
