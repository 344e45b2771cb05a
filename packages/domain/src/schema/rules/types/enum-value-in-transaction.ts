import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const enumValueInTransaction = defineRule({
  id: "enum-value-in-transaction",
  subject: "types",
  severity: "error",
  title: "A value is added to an enum inside a transaction before Postgres 12",
  why: "Up to Postgres 11 ALTER TYPE … ADD VALUE cannot run inside a transaction block.",
  instead: "Put it into a migration of its own that runs without a transaction.",
  silent: "The target is Postgres 12 or later, or unknown.",
  bad: [{ given: "CREATE TYPE mood AS ENUM ('ok')", sql: "ALTER TYPE mood ADD VALUE 'fine'", targetMajor: 11 }],
  good: [
    { given: "CREATE TYPE mood AS ENUM ('ok')", sql: "ALTER TYPE mood ADD VALUE 'fine'", targetMajor: 15 },
    { given: "CREATE TYPE mood AS ENUM ('ok')", sql: "ALTER TYPE mood ADD VALUE 'fine'" },
    {
      given: "CREATE TYPE mood AS ENUM ('ok')",
      sql: "ALTER TYPE mood ADD VALUE 'fine'",
      targetMajor: 11,
      transactional: false,
    },
  ],
  on: {
    add_enum_value: ({ type }, { migration, statement }) =>
      migration.targetMajor !== null && migration.targetMajor < 12 && migration.inTransaction(statement)
        ? { message: `Postgres ${migration.targetMajor} adds no value to ${shown(type)} inside a transaction` }
        : null,
  },
});
