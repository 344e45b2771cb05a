import { onTypes } from "../column-types.ts";
import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const jsonNotJsonb = defineRule({
  id: "json-not-jsonb",
  subject: "types",
  severity: "warning",
  title: "A column of type json",
  why: "json keeps the text as it came, with blanks and doubled keys, and knows no equality: SELECT DISTINCT, GROUP BY and UNION fail on it, and so do most indexes.",
  instead: "jsonb, unless the exact text has to be kept; then text says so more plainly.",
  bad: [{ sql: "ALTER TABLE users ADD COLUMN settings json" }],
  good: [{ sql: "ALTER TABLE users ADD COLUMN settings jsonb" }],
  on: onTypes((type, column, table) =>
    type.name === "json"
      ? { message: `${shown(table, column)} can be neither compared nor indexed as a whole`, place: type.place }
      : null,
  ),
});
