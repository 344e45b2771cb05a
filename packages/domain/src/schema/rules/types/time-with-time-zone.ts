import { onTypes } from "../column-types.ts";
import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const timeWithTimeZone = defineRule({
  id: "time-with-time-zone",
  subject: "types",
  severity: "warning",
  title: "A column of type time with time zone",
  why: "Without a date nobody knows whether summer time is in force, so its offset means nothing for a zone that has it.",
  instead: "timestamptz for an instant; time, with the zone's name beside it, for a time of day.",
  bad: [{ sql: "ALTER TABLE users ADD COLUMN alarm timetz" }],
  good: [{ sql: "ALTER TABLE users ADD COLUMN alarm time" }],
  on: onTypes((type, column, table) =>
    type.name === "time with time zone"
      ? { message: `The offset of ${shown(table, column)} means nothing without a date`, place: type.place }
      : null,
  ),
});
