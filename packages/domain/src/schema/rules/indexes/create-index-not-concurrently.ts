import { isPartitioned, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const createIndexNotConcurrently = defineRule({
  id: "create-index-not-concurrently",
  subject: "indexes",
  severity: "warning",
  title: "An index is built while writes wait",
  why: "CREATE INDEX holds a SHARE lock on the table for as long as the build takes: reading goes on, every write waits. CONCURRENTLY reads the table twice and holds nobody up.",
  instead:
    "CREATE INDEX CONCURRENTLY, in a migration of its own without a transaction; if it fails, drop the invalid index and repeat.",
  silent: "The table comes into being in the same migration.",
  bad: [
    { sql: "CREATE INDEX ON orders (status)" },
    { sql: "CREATE INDEX orders_user_id ON orders (user_id)" },
    {
      given:
        "CREATE TABLE log (at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE log_1 PARTITION OF log DEFAULT",
      sql: "CREATE INDEX log_at ON log (at)",
    },
  ],
  good: [
    { sql: "CREATE INDEX CONCURRENTLY orders_user_id ON orders (user_id)", transactional: false },
    { sql: "CREATE TABLE visits (id bigint PRIMARY KEY, at date);\nCREATE INDEX visits_at ON visits (at)" },
  ],
  readsSchema: true,
  on: {
    create_index: ({ table, name, concurrently }, { migration, statement }) => {
      if (concurrently || migration.isNew(table, statement)) return null;
      const message = `Writes to ${shown(table)} wait while ${name === null ? "the index" : shown({ schema: null, name })} is built`;
      if (!isPartitioned(migration, table)) return { message };
      return {
        message,
        hint: "On a partitioned table: CREATE INDEX ON ONLY the parent, CREATE INDEX CONCURRENTLY on each partition, then ALTER INDEX … ATTACH PARTITION.",
      };
    },
  },
});
