import { defineRule } from "../rule.ts";

export const setLocalWithoutTransaction = defineRule({
  id: "set-local-without-transaction",
  subject: "transactions",
  severity: "warning",
  title: "SET LOCAL without a transaction does nothing",
  why: "Outside a transaction block SET LOCAL ends with its own statement: a lock_timeout that was meant to protect what follows is not there.",
  instead: "SET in a file without transaction, and RESET at the end.",
  bad: [
    {
      sql: "SET LOCAL lock_timeout = '2s';\nCREATE INDEX CONCURRENTLY orders_status ON orders (status)",
      transactional: false,
    },
  ],
  good: [
    {
      sql: "SET lock_timeout = '2s';\nCREATE INDEX CONCURRENTLY orders_status ON orders (status)",
      transactional: false,
    },
    { sql: "SET LOCAL lock_timeout = '2s'" },
    { sql: "BEGIN;\nSET LOCAL lock_timeout = '2s';\nCOMMIT", transactional: false },
  ],
  on: {
    set: ({ setting, local }, { migration, statement }) =>
      local && !migration.inTransaction(statement)
        ? { message: `${setting} is back to what it was before the next statement` }
        : null,
  },
});
