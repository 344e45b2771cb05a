import { defineRule } from "../rule.ts";

export const needsNoTransaction = defineRule({
  id: "needs-no-transaction",
  subject: "transactions",
  severity: "error",
  title: "A statement that Postgres refuses inside a transaction",
  why: "CONCURRENTLY, VACUUM, CREATE DATABASE and their kin cannot run inside a transaction block, and the tool runs this file in one.",
  instead: "Put it into a migration of its own and mark that as one without transaction, in the way of the tool.",
  silent: "The file runs without a transaction.",
  bad: [
    { sql: "CREATE INDEX CONCURRENTLY orders_status ON orders (status)" },
    { sql: "BEGIN;\nVACUUM orders;\nCOMMIT", transactional: false },
  ],
  good: [
    { sql: "CREATE INDEX CONCURRENTLY orders_status ON orders (status)", transactional: false },
    { sql: "CREATE INDEX orders_status ON orders (status)" },
  ],
  on: {},
  whole: (migration) =>
    migration.statements
      .filter((statement) => !statement.transactional && migration.inTransaction(statement))
      .map((statement) => ({
        statement,
        message: `Postgres refuses this ${statement.kind.replaceAll("_", " ").toUpperCase()} inside a transaction`,
      })),
});
