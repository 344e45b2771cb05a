import { full, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const renameEnumValue = defineRule({
  id: "rename-enum-value",
  subject: "renaming",
  severity: "error",
  title: "A value of an enum is renamed",
  why: "Code that writes, compares or expects the old word fails or goes another way from this moment on; a write with the old word is refused.",
  instead: "Add the new value, teach code both, move the rows over in batches, and leave the old value unused.",
  bad: [{ given: "CREATE TYPE mood AS ENUM ('ok')", sql: "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'" }],
  good: [
    { given: "CREATE TYPE mood AS ENUM ('ok')", sql: "ALTER TYPE mood ADD VALUE 'fine'" },
    { sql: "CREATE TYPE draft AS ENUM ('a');\nALTER TYPE draft RENAME VALUE 'a' TO 'b'" },
  ],
  on: {
    rename_enum_value: ({ type, from, to }, { migration, statement }) =>
      migration.isNewObject(type, statement)
        ? null
        : {
            message: `Value '${from}' of ${shown(type)} is renamed to '${to}': whatever knows the old word fails`,
            breaking: true,
            objects: [full(type)],
          },
  },
});
