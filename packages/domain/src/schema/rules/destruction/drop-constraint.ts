import { full, sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const dropConstraint = defineRule({
  id: "drop-constraint",
  subject: "destruction",
  severity: "info",
  title: "A constraint is dropped",
  why: "What it kept out gets in from now on, and the constraint can only be had back once those rows are put right.",
  instead: "Make sure that nothing relies on it, and write into the way back how rows that no longer fit are treated.",
  silent:
    "The table comes into being in the same migration, the migration gives the table another constraint, or sets NOT NULL that a CHECK had proved.",
  bad: [
    {
      given: "ALTER TABLE users ADD CONSTRAINT adult CHECK (age >= 18)",
      sql: "ALTER TABLE users DROP CONSTRAINT adult",
    },
  ],
  good: [
    {
      given: "ALTER TABLE users ADD CONSTRAINT named CHECK (name IS NOT NULL)",
      sql: "ALTER TABLE users ALTER COLUMN name SET NOT NULL;\nALTER TABLE users DROP CONSTRAINT named",
    },
    {
      given: "ALTER TABLE users ADD CONSTRAINT adult CHECK (age >= 18)",
      sql: "ALTER TABLE users DROP CONSTRAINT adult;\nALTER TABLE users ADD CONSTRAINT adult CHECK (age >= 16) NOT VALID",
    },
  ],
  on: {
    drop_constraint: ({ table, name }, { migration, statement }) => {
      const replaced = migration.statements.some(({ actions }) =>
        actions.some(
          (action) =>
            (action.does === "set_not_null" || action.does === "add_constraint") && sameName(action.table, table),
        ),
      );
      if (replaced || migration.isNew(table, statement)) return null;
      return {
        message: `Constraint ${name} of ${shown(table)} is dropped: what it kept out gets in`,
        objects: [full(table, name)],
      };
    },
  },
});
