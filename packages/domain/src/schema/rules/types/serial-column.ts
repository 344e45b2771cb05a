import { onColumns } from "../column-types.ts";
import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const serialColumn = defineRule({
  id: "serial-column",
  subject: "types",
  severity: "info",
  title: "A column of type serial",
  why: "serial is shorthand for a sequence and a default: the sequence has permissions of its own that a grant on the table does not give, and the column can be written by hand so that numbers collide.",
  instead: "bigint GENERATED ALWAYS AS IDENTITY, or BY DEFAULT where values are given at times.",
  bad: [{ sql: "CREATE TABLE visits (id bigserial PRIMARY KEY)" }],
  good: [{ sql: "CREATE TABLE visits (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)" }],
  on: onColumns(({ type, name }, table) =>
    /serial$/.test(type.name)
      ? { message: `${shown(table, name)} is numbered by a sequence with permissions of its own`, place: type.place }
      : null,
  ),
});
