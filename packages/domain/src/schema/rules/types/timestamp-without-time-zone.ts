import { onTypes } from "../column-types.ts";
import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const timestampWithoutTimeZone = defineRule({
  id: "timestamp-without-time-zone",
  subject: "types",
  severity: "warning",
  title: "A timestamp without time zone",
  why: "It says what a clock on the wall showed and not where: two sessions in different zones read two instants out of it, and once a year an hour happens twice.",
  instead: "timestamptz, which takes no more room and means one instant.",
  bad: [
    { sql: "CREATE TABLE visits (id bigint PRIMARY KEY, at timestamp)" },
    { sql: "ALTER TABLE users ADD COLUMN seen timestamp(3)" },
  ],
  good: [
    { sql: "CREATE TABLE visits (id bigint PRIMARY KEY, at timestamptz)" },
    { sql: "ALTER TABLE users ADD COLUMN born date" },
  ],
  on: onTypes((type, column, table) =>
    type.name === "timestamp without time zone"
      ? { message: `${shown(table, column)} does not say which instant it means`, place: type.place }
      : null,
  ),
});
