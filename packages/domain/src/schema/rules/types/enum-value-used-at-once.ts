import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const enumValueUsedAtOnce = defineRule({
  id: "enum-value-used-at-once",
  subject: "types",
  severity: "error",
  title: "A new value of an enum is used in the transaction that adds it",
  why: "Postgres refuses to use the value before the transaction that adds it has ended: the migration fails with “unsafe use of new value”.",
  instead: "Add the value in a migration of its own, and use it in the next.",
  silent: "The type comes into being in the same migration, or the file runs without a transaction.",
  bad: [
    {
      given: "CREATE TYPE mood AS ENUM ('ok');\nALTER TABLE users ADD COLUMN mood mood",
      sql: "ALTER TYPE mood ADD VALUE 'fine';\nUPDATE users SET mood = 'fine' WHERE mood IS NULL",
    },
  ],
  good: [
    { given: "CREATE TYPE mood AS ENUM ('ok')", sql: "ALTER TYPE mood ADD VALUE 'fine'" },
    {
      sql: "CREATE TYPE mood AS ENUM ('ok');\nALTER TYPE mood ADD VALUE 'fine';\nALTER TABLE users ADD COLUMN mood mood DEFAULT 'fine'",
    },
    {
      given: "CREATE TYPE mood AS ENUM ('ok')",
      sql: "ALTER TYPE mood ADD VALUE 'fine';\nCOMMENT ON TYPE mood IS 'fine'",
      note: "A comment does not use it.",
    },
    {
      given: "CREATE TYPE mood AS ENUM ('ok');\nALTER TABLE users ADD COLUMN mood mood",
      sql: "ALTER TYPE mood ADD VALUE 'fine';\nUPDATE users SET mood = 'fine' WHERE mood IS NULL",
      transactional: false,
    },
  ],
  on: {
    add_enum_value: ({ type, value }, { migration, statement }) => {
      if (migration.isNewObject(type, statement)) return null;
      const literal = `'${value.replaceAll("'", "''")}'`;
      const use = migration.later(statement).find(({ text, kind }) => !SAFE.has(kind) && text.includes(literal));
      if (use === undefined) return null;
      return {
        statement: use,
        message: `Value ${literal} of ${shown(type)} is used in the transaction that adds it, which Postgres refuses`,
      };
    },
  },
});

const SAFE: ReadonlySet<string> = new Set([
  "alter_enum",
  "comment",
  "set",
  "create_function",
  "create_procedure",
  "do",
]);
