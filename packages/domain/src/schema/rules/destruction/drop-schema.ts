import { dropped } from "../drops.ts";
import { defineRule } from "../rule.ts";

export const dropSchema = defineRule({
  id: "drop-schema",
  subject: "destruction",
  severity: "error",
  title: "A schema is dropped",
  why: "With CASCADE everything in the schema goes with it, tables and rows included. Without, it only works on an empty schema.",
  instead: "Drop what is in it one by one, in migrations of their own, and the empty schema last.",
  bad: [
    { given: "CREATE SCHEMA shop", sql: "DROP SCHEMA shop CASCADE" },
    { given: "CREATE SCHEMA shop", sql: "DROP SCHEMA shop" },
  ],
  good: [{ sql: "CREATE SCHEMA shop" }],
  on: {
    drop: (action, at) =>
      dropped(
        ["schema"],
        action,
        at,
        (name) => `Schema ${name} is dropped${action.cascade ? " with everything in it" : ""}`,
      ),
  },
});
