import { full, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const renameTable = defineRule({
  id: "rename-table",
  subject: "renaming",
  severity: "error",
  title: "A table is renamed",
  why: "Code that knows the old name fails from this moment on. There is no moment at which old and new code both work.",
  instead:
    "Make a view with the new name, move readers and writers to it, then rename the table and leave a view with the old name until nobody uses it.",
  silent: "The table comes into being in the same migration, or the migration makes a view with the old name.",
  bad: [{ sql: "ALTER TABLE orders RENAME TO purchases" }],
  good: [
    {
      sql: "ALTER TABLE orders RENAME TO purchases;\nCREATE VIEW orders AS SELECT id, user_id, total, status, note FROM purchases",
    },
    { sql: "CREATE TABLE draft (id bigint PRIMARY KEY);\nALTER TABLE draft RENAME TO final" },
    { given: "CREATE INDEX old ON users (age)", sql: "ALTER INDEX old RENAME TO users_age" },
  ],
  on: {
    rename: ({ object, of, to }, { migration, statement }) => {
      if (object !== "table" || migration.isNew(of, statement) || migration.isMadeLater(of, statement)) return null;
      return {
        message: `${shown(of)} is renamed to ${to}: whatever knows the old name fails`,
        breaking: true,
        objects: [full(of)],
      };
    },
  },
});
