import type { Action, Does } from "../actions.ts";
import { defineRule } from "../rule.ts";

export const halfDoneWithoutTransaction = defineRule({
  id: "half-done-without-transaction",
  subject: "transactions",
  severity: "warning",
  title: "Several steps without a transaction",
  why: "Without a transaction each statement stands for itself: when one fails, those before it stay, and the migration can be neither run again nor taken back as a whole.",
  instead:
    "One statement a file where there can be no transaction, or statements that can be repeated (IF NOT EXISTS, IF EXISTS).",
  silent: "All but one of the statements can be repeated, or stand between BEGIN and COMMIT.",
  bad: [
    {
      sql: "ALTER TABLE orders ADD COLUMN code text;\nCREATE INDEX CONCURRENTLY orders_code ON orders (code)",
      transactional: false,
    },
  ],
  good: [
    {
      sql: "ALTER TABLE orders ADD COLUMN IF NOT EXISTS code text;\nDROP INDEX CONCURRENTLY IF EXISTS orders_code;\nCREATE INDEX CONCURRENTLY orders_code ON orders (code)",
      transactional: false,
    },
    { sql: "SET lock_timeout = '2s';\nCREATE INDEX CONCURRENTLY orders_code ON orders (status)", transactional: false },
    { sql: "ALTER TABLE orders ADD COLUMN code text;\nALTER TABLE users ADD COLUMN nick text" },
    {
      sql: "BEGIN;\nALTER TABLE orders ADD COLUMN code text;\nALTER TABLE orders ADD COLUMN word text;\nCOMMIT",
      transactional: false,
    },
    {
      sql: "CREATE OR REPLACE VIEW adults AS SELECT id FROM users;\nALTER TABLE users ALTER COLUMN age SET DEFAULT 0, VALIDATE CONSTRAINT users_pkey;\nREINDEX TABLE CONCURRENTLY users",
      transactional: false,
    },
  ],
  on: {},
  whole: (migration) => {
    if (migration.transactional) return [];
    const once = migration.statements.filter(
      (statement) => !migration.inTransaction(statement) && statement.actions.some((action) => !repeats(action)),
    );
    return once.length < 2
      ? []
      : [{ statement: once[1]!, message: `When this fails, what stands before it stays and cannot be run again` }];
  },
});

const ALWAYS_AGAIN: ReadonlySet<Does> = new Set([
  "set",
  "transaction",
  "reindex",
  "refresh",
  "vacuum",
  "set_default",
  "set_not_null",
  "drop_not_null",
  "validate_constraint",
  "grant",
  "revoke",
  "lock",
  "row_security",
  "call",
  "alter_function",
  "other",
]);

/** Whether an action does no harm, and does not fail, when it has happened already. */
function repeats(action: Action): boolean {
  if (ALWAYS_AGAIN.has(action.does)) return true;
  if ("ifNotExists" in action) return action.ifNotExists;
  if ("ifExists" in action) return action.ifExists;
  return "replace" in action && action.replace;
}
