import { full, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const renameView = defineRule({
  id: "rename-view",
  subject: "renaming",
  severity: "error",
  title: "A view is renamed",
  why: "Code that reads the view by its old name fails from this moment on.",
  instead: "Make a second view with the new name, move readers over, and drop the old one in a later migration.",
  silent: "The migration makes a view with the old name.",
  bad: [{ given: "CREATE VIEW adults AS SELECT id FROM users", sql: "ALTER VIEW adults RENAME TO grown_ups" }],
  good: [
    {
      given: "CREATE VIEW adults AS SELECT id FROM users",
      sql: "ALTER VIEW adults RENAME TO grown_ups;\nCREATE VIEW adults AS SELECT id FROM grown_ups",
    },
    { sql: "ALTER TABLE users RENAME TO people" },
  ],
  on: {
    rename: ({ object, of, to }, { migration, statement }) => {
      if (object !== "view" && object !== "materialized view") return null;
      if (migration.isNew(of, statement) || migration.isMadeLater(of, statement)) return null;
      return {
        message: `View ${shown(of)} is renamed to ${to}: whatever reads the old name fails`,
        breaking: true,
        objects: [full(of)],
      };
    },
  },
});
