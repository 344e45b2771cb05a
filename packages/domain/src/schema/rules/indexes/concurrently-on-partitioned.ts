import { isPartitioned, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const concurrentlyOnPartitioned = defineRule({
  id: "concurrently-on-partitioned",
  subject: "indexes",
  severity: "error",
  title: "CONCURRENTLY on a partitioned table",
  why: "Postgres builds no index concurrently on a partitioned table: the statement fails.",
  instead:
    "CREATE INDEX ON ONLY the parent, CREATE INDEX CONCURRENTLY on each partition, then ALTER INDEX … ATTACH PARTITION.",
  silent: "The table is not known to be partitioned.",
  bad: [
    {
      sql: "CREATE TABLE log (at date) PARTITION BY RANGE (at);\nCREATE INDEX CONCURRENTLY log_at ON log (at)",
      transactional: false,
    },
  ],
  good: [
    { sql: "CREATE INDEX CONCURRENTLY orders_status ON orders (status)", transactional: false },
    { sql: "CREATE TABLE log (at date) PARTITION BY RANGE (at);\nCREATE INDEX log_at ON log (at)" },
  ],
  readsSchema: true,
  on: {
    create_index: ({ table, concurrently }, { migration }) =>
      concurrently && isPartitioned(migration, table)
        ? { message: `${shown(table)} is partitioned: Postgres builds no index on it concurrently` }
        : null,
  },
});
