import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const detachPartitionNotConcurrently = defineRule({
  id: "detach-partition-not-concurrently",
  subject: "locking",
  severity: "warning",
  title: "A partition is detached while everybody waits",
  why: "DETACH PARTITION takes an ACCESS EXCLUSIVE lock on the whole partitioned table: every query on it waits.",
  instead: "DETACH PARTITION … CONCURRENTLY (Postgres 14 and later), outside a transaction.",
  silent: "The table comes into being in the same migration, or the target is older than Postgres 14.",
  bad: [
    {
      given:
        "CREATE TABLE log (at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
      sql: "ALTER TABLE log DETACH PARTITION log_1",
    },
  ],
  good: [
    {
      given:
        "CREATE TABLE log (at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
      sql: "ALTER TABLE log DETACH PARTITION log_1 CONCURRENTLY",
      transactional: false,
    },
    {
      given:
        "CREATE TABLE log (at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
      sql: "ALTER TABLE log DETACH PARTITION log_1",
      targetMajor: 13,
    },
  ],
  on: {
    detach_partition: ({ table, partition, concurrently }, { migration, statement }) =>
      concurrently || migration.isNew(table, statement) || (migration.targetMajor ?? 14) < 14
        ? null
        : { message: `Every query on ${shown(table)} waits while ${shown(partition)} is detached` },
  },
});
