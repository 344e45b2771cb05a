import { full, sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const dropDefault = defineRule({
  id: "drop-default",
  subject: "destruction",
  severity: "warning",
  title: "A default is dropped",
  why: "Inserts that do not name the column get NULL from now on; where it is NOT NULL they fail.",
  instead: "Deploy code that names the column in every insert first.",
  silent: "The column comes into being in the same migration, or gets another default in it.",
  bad: [{ sql: "ALTER TABLE users ALTER COLUMN created_at DROP DEFAULT" }],
  good: [
    {
      sql: "ALTER TABLE users ADD COLUMN plan text NOT NULL DEFAULT 'free';\nALTER TABLE users ALTER COLUMN plan DROP DEFAULT",
    },
    {
      sql: "ALTER TABLE users ALTER COLUMN created_at DROP DEFAULT;\nALTER TABLE users ALTER COLUMN created_at SET DEFAULT clock_timestamp()",
    },
    { sql: "ALTER TABLE users ALTER COLUMN age SET DEFAULT 0" },
  ],
  on: {
    set_default: (action, { migration, statement }) => {
      const { table, column } = action;
      if (action.default !== null || migration.isNewColumn(table, column, statement)) return null;
      const again = migration.statements.some(({ actions }) =>
        actions.some(
          (other) =>
            ((other.does === "set_default" && other.default !== null) || other.does === "add_identity") &&
            sameName(other.table, table) &&
            other.column === column,
        ),
      );
      if (again) return null;
      return {
        message: `${shown(table, column)} loses its default: inserts that do not name it get NULL or fail`,
        objects: [full(table, column)],
      };
    },
  },
});
