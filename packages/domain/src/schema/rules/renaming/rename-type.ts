import { full, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const renameType = defineRule({
  id: "rename-type",
  subject: "renaming",
  severity: "error",
  title: "A type is renamed",
  why: "Casts and declarations in code and functions that name the type fail from this moment on.",
  instead: "Leave the old name, or make a domain with it over the new type until nobody names it.",
  bad: [{ given: "CREATE TYPE mood AS ENUM ('ok')", sql: "ALTER TYPE mood RENAME TO feeling" }],
  good: [
    { sql: "CREATE TYPE draft AS ENUM ('a');\nALTER TYPE draft RENAME TO final" },
    { sql: "ALTER TABLE users RENAME TO people" },
  ],
  on: {
    rename: ({ object, of, to }, { migration, statement }) => {
      if ((object !== "type" && object !== "domain") || migration.isNewObject(of, statement)) return null;
      return {
        message: `Type ${shown(of)} is renamed to ${to}: whatever names it fails`,
        breaking: true,
        objects: [full(of)],
      };
    },
  },
});
