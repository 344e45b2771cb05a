import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const replicaIdentityFull = defineRule({
  id: "replica-identity-full",
  subject: "locking",
  severity: "warning",
  title: "Each change is logged with the whole old row",
  why: "REPLICA IDENTITY FULL writes every column of the old row into the log, and a subscriber without a fitting index reads its table for each.",
  instead: "Give the table a primary key, or REPLICA IDENTITY USING INDEX a unique one over NOT NULL columns.",
  bad: [{ sql: "ALTER TABLE users REPLICA IDENTITY FULL" }],
  good: [{ sql: "ALTER TABLE users REPLICA IDENTITY USING INDEX users_pkey" }],
  on: {
    replica_identity_full: ({ table }) => ({
      message: `Each update and delete of ${shown(table)} logs the whole old row`,
    }),
  },
});
