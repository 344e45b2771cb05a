import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const vacuumFull = defineRule({
  id: "vacuum-full",
  subject: "locking",
  severity: "error",
  title: "A table is written anew to give back room",
  why: "VACUUM FULL copies the table and its indexes while nobody can read or write it.",
  instead:
    "Plain VACUUM makes the room usable again; tools that copy beside the running table give it back without the lock.",
  bad: [
    { sql: "VACUUM FULL orders", transactional: false },
    { sql: "VACUUM (FULL)", transactional: false },
  ],
  good: [{ sql: "VACUUM orders", transactional: false }, { sql: "ANALYZE orders" }],
  on: {
    vacuum: ({ tables, full: whole }) =>
      whole
        ? {
            message: `${tables.length === 0 ? "Every table" : tables.map((table) => shown(table)).join(", ")} is written anew, and nobody reads or writes it meanwhile`,
          }
        : null,
  },
});
