import { defineRule } from "../rule.ts";

export const renameSchema = defineRule({
  id: "rename-schema",
  subject: "renaming",
  severity: "error",
  title: "A schema is renamed",
  why: "Every qualified name in code, functions and search paths that knows the old name fails from this moment on.",
  instead:
    "Make the new schema, move what is in it piece by piece, and leave views with the old names until nobody uses them.",
  bad: [{ given: "CREATE SCHEMA shop", sql: "ALTER SCHEMA shop RENAME TO store" }],
  good: [{ sql: "CREATE SCHEMA shop" }, { sql: "ALTER TABLE users RENAME TO people" }],
  on: {
    rename: ({ object, from, to }) =>
      object === "schema"
        ? {
            message: `Schema ${from} is renamed to ${to}: every qualified name with the old one fails`,
            breaking: true,
            objects: [from],
          }
        : null,
  },
});
