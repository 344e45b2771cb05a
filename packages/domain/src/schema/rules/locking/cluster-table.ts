import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const clusterTable = defineRule({
  id: "cluster-table",
  subject: "locking",
  severity: "error",
  title: "A table is sorted anew",
  why: "CLUSTER writes the whole table and its indexes in another order while nobody can read or write it, and the order is lost again with the writes that follow.",
  instead:
    "Leave it out; where order matters, an index or a covering index gives it. Tools that copy beside the running table do without the lock.",
  bad: [{ sql: "CLUSTER users USING users_pkey" }, { sql: "CLUSTER", transactional: false }],
  good: [{ sql: "ALTER TABLE users CLUSTER ON users_pkey", note: "Only remembers the index." }],
  on: {
    cluster: ({ table }) => ({
      message: `${table === null ? "Every table with a remembered order" : shown(table)} is written anew, and nobody reads or writes it meanwhile`,
    }),
  },
});
