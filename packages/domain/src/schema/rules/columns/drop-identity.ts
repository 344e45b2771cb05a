import { full, sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const dropIdentity = defineRule({
  id: "drop-identity",
  subject: "columns",
  severity: "error",
  title: "A column no longer numbers its rows",
  why: "An identity column is NOT NULL: without its sequence every insert that does not name it fails.",
  instead: "Set another default in the same migration, or deploy code that gives the value first.",
  silent: "The column gets a default in the same migration.",
  bad: [{ sql: "ALTER TABLE users ALTER COLUMN id DROP IDENTITY" }],
  good: [
    {
      sql: "CREATE SEQUENCE user_number;\nALTER TABLE users ALTER COLUMN id DROP IDENTITY, ALTER COLUMN id SET DEFAULT nextval('user_number')",
    },
  ],
  on: {
    drop_identity: ({ table, column }, { migration }) => {
      const again = migration.statements.some(({ actions }) =>
        actions.some(
          (action) =>
            (action.does === "add_identity" || (action.does === "set_default" && action.default !== null)) &&
            action.column === column &&
            sameName(action.table, table),
        ),
      );
      if (again) return null;
      return {
        message: `${shown(table, column)} no longer numbers its rows: inserts that do not name it fail`,
        breaking: true,
        objects: [full(table, column)],
      };
    },
  },
});
