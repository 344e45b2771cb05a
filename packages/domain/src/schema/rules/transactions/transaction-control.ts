import { defineRule } from "../rule.ts";

export const transactionControl = defineRule({
  id: "transaction-control",
  subject: "transactions",
  severity: "error",
  title: "A migration ends the transaction that keeps it whole",
  why: "The tool runs the file in one transaction. A COMMIT or ROLLBACK in it ends that one early: what follows runs on its own, and a failure leaves half of the migration behind.",
  instead: "Take it out; to run statements one by one, mark the file as one without transaction.",
  silent: "The file runs without a transaction, or the words stand around the whole of it.",
  bad: [{ sql: "ALTER TABLE users ADD COLUMN nick text;\nCOMMIT;\nUPDATE users SET nick = name" }],
  good: [
    { sql: "BEGIN;\nALTER TABLE users ADD COLUMN nick text;\nCOMMIT", transactional: false },
    { sql: "BEGIN;\nALTER TABLE users ADD COLUMN nick text;\nCOMMIT" },
    { sql: "ALTER TABLE users ADD COLUMN nick text" },
  ],
  on: {
    transaction: ({ word }, { migration, statement }) => {
      const { statements, transactional } = migration;
      const outside = statement.index === 0 || statement.index === statements.length - 1;
      const around =
        outside &&
        statements[0]!.actions[0]!.does === "transaction" &&
        statements.at(-1)!.actions[0]!.does === "transaction";
      return transactional && !around
        ? { message: `${word.toUpperCase()} ends or splits the transaction of the migration` }
        : null;
    },
  },
});
