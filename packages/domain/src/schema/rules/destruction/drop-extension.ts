import { dropped } from "../drops.ts";
import { defineRule } from "../rule.ts";

export const dropExtension = defineRule({
  id: "drop-extension",
  subject: "destruction",
  severity: "error",
  title: "An extension is dropped",
  why: "Its types, functions and operators go with it. With CASCADE so do the columns and indexes that use them.",
  instead:
    "Move everything off the extension first and drop it without CASCADE, so that Postgres refuses while something still uses it.",
  bad: [{ sql: "DROP EXTENSION IF EXISTS pg_trgm CASCADE" }],
  good: [{ sql: "ALTER TABLE users ALTER COLUMN name DROP DEFAULT" }],
  on: {
    drop: (action, at) =>
      dropped(
        ["extension"],
        action,
        at,
        (name) => `Extension ${name} is dropped with its types, functions and operators`,
      ),
  },
});
