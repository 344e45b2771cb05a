import { full, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const renameFunction = defineRule({
  id: "rename-function",
  subject: "renaming",
  severity: "error",
  title: "A function is renamed",
  why: "Code that calls the function by its old name fails from this moment on.",
  instead:
    "Make a second function with the new name, let the old one call it, and drop the old one when nobody calls it.",
  bad: [
    {
      given: "CREATE FUNCTION twice(x integer) RETURNS integer LANGUAGE sql AS 'SELECT x * 2'",
      sql: "ALTER FUNCTION twice(integer) RENAME TO doubled",
    },
  ],
  good: [{ sql: "ALTER TABLE users RENAME TO people" }],
  on: {
    rename: ({ object, of, to }) =>
      ["function", "procedure", "routine", "aggregate"].includes(object)
        ? {
            message: `Function ${shown(of)} is renamed to ${to}: whatever calls it fails`,
            breaking: true,
            objects: [full(of)],
          }
        : null,
  },
});
