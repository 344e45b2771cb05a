import { defineRule } from "../rule.ts";

export const replicationRole = defineRule({
  id: "replication-role",
  subject: "transactions",
  severity: "error",
  title: "Triggers and foreign keys are switched off for the session",
  why: "session_replication_role = replica passes by every trigger and foreign key: rows get in that nothing has checked, and it takes a superuser.",
  instead:
    "Load rows in an order that the foreign keys allow, or make the foreign key NOT VALID and validate it afterwards.",
  bad: [{ sql: "SET LOCAL session_replication_role = replica" }],
  good: [{ sql: "SET LOCAL session_replication_role = origin" }],
  on: {
    set: ({ setting, value }) =>
      setting === "session_replication_role" && value === "replica"
        ? { message: "No trigger and no foreign key is in force for what follows" }
        : null,
  },
});
