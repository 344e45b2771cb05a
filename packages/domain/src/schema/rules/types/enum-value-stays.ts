import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const enumValueStays = defineRule({
  id: "enum-value-stays",
  subject: "types",
  severity: "info",
  title: "A value is added to an enum for good",
  why: "Postgres has no way to take a value out of an enum again: a way back would have to make the type anew and move every column over.",
  instead:
    "Write into the way back that the value stays unused, or keep a list that changes often in a table with a foreign key.",
  silent: "The type comes into being in the same migration.",
  bad: [{ given: "CREATE TYPE mood AS ENUM ('ok')", sql: "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'fine'" }],
  good: [{ sql: "CREATE TYPE mood AS ENUM ('ok');\nALTER TYPE mood ADD VALUE 'fine'" }],
  on: {
    add_enum_value: ({ type, value }, { migration, statement }) =>
      migration.isNewObject(type, statement)
        ? null
        : { message: `Value '${value}' of ${shown(type)} cannot be taken back` },
  },
});
