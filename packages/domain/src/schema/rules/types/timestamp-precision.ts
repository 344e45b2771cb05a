import { onTypes } from "../column-types.ts";
import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const timestampPrecision = defineRule({
  id: "timestamp-precision",
  subject: "types",
  severity: "info",
  title: "A timestamp is rounded",
  why: "A precision rounds, it does not cut off: timestamptz(0) can show a second that has not come yet, and rows written one after the other compare as equal.",
  instead: "Keep the full precision and cut off when showing: date_trunc('second', …).",
  bad: [{ sql: "ALTER TABLE users ADD COLUMN seen timestamptz(0)" }],
  good: [
    { sql: "ALTER TABLE users ADD COLUMN seen timestamptz" },
    { sql: "ALTER TABLE users ADD COLUMN code varchar(5)" },
  ],
  on: onTypes((type, column, table) =>
    type.name.startsWith("timestamp") && type.modifiers.length > 0
      ? { message: `${shown(table, column)} is rounded, up as well as down`, place: type.place }
      : null,
  ),
});
