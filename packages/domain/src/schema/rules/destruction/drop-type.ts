import { dropped } from "../drops.ts";
import { defineRule } from "../rule.ts";

export const dropType = defineRule({
  id: "drop-type",
  subject: "destruction",
  severity: "error",
  title: "A type is dropped",
  why: "Columns, functions and casts in code that name the type fail. With CASCADE the columns of that type go too, and their values with them.",
  instead:
    "Move every column and function to another type first, deploy code that no longer names it, and drop it without CASCADE.",
  silent: "The type comes into being in the same migration, or is made again in it.",
  bad: [
    { given: "CREATE TYPE mood AS ENUM ('ok')", sql: "DROP TYPE mood" },
    { given: "CREATE DOMAIN score AS integer", sql: "DROP DOMAIN score" },
  ],
  good: [{ sql: "CREATE TYPE draft AS ENUM ('a');\nDROP TYPE draft" }],
  on: {
    drop: (action, at) =>
      dropped(["type", "domain"], action, at, (name) => `Type ${name} is dropped: whatever still names it fails`),
  },
});
