import { isStrong, locksOf } from "../locks.ts";
import { defineRule } from "../rule.ts";

export const missingLockTimeout = defineRule({
  id: "missing-lock-timeout",
  subject: "locking",
  severity: "info",
  title: "A lock is waited for without end",
  why: "A lock that keeps others out waits for every query that runs, and everything that comes later waits behind it: one long report in front is enough to bring the table to a stand.",
  instead:
    "SET LOCAL lock_timeout = '2s' at the beginning (SET in a file without transaction), and try again when it gives up.",
  silent:
    "The file sets lock_timeout before, or locks nothing that was there before. What is deployed from here gets one by itself.",
  bad: [
    { sql: "ALTER TABLE users ADD COLUMN nick text" },
    { sql: "SET lock_timeout = 0;\nALTER TABLE users ADD COLUMN nick text" },
    { sql: "LOCK TABLE users IN SHARE MODE" },
    { sql: "TRUNCATE orders" },
    { given: "CREATE INDEX old ON orders (status)", sql: "DROP TABLE orders" },
    { sql: "ALTER TABLE orders RENAME TO purchases" },
    { sql: "CREATE INDEX orders_status ON orders (status)" },
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
    },
    {
      given: "CREATE TABLE log (at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE log_1 (at date NOT NULL)",
      sql: "ALTER TABLE log ATTACH PARTITION log_1 DEFAULT",
    },
    { given: "CREATE MATERIALIZED VIEW totals AS SELECT user_id FROM orders", sql: "REFRESH MATERIALIZED VIEW totals" },
    {
      given:
        "CREATE MATERIALIZED VIEW totals AS SELECT user_id FROM orders;\nCREATE UNIQUE INDEX totals_user ON totals (user_id)",
      sql: "REFRESH MATERIALIZED VIEW CONCURRENTLY totals",
    },
    { sql: "ALTER TABLE orders ADD CHECK (total > 0) NOT VALID" },
    { sql: "ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users NOT VALID" },
  ],
  good: [
    { sql: "SET LOCAL lock_timeout = '2s';\nALTER TABLE users ADD COLUMN nick text" },
    { sql: "SELECT set_config('lock_timeout', '2s', true);\nALTER TABLE users ADD COLUMN nick text" },
    { sql: "CREATE TABLE draft (id bigint PRIMARY KEY)" },
    { sql: "CREATE INDEX CONCURRENTLY orders_status ON orders (status)", transactional: false },
    { sql: "COMMENT ON TABLE users IS 'people'" },
    { given: "CREATE TYPE mood AS ENUM ('ok')", sql: "DROP TYPE mood;\nALTER SCHEMA public RENAME TO public" },
  ],
  on: {},
  whole: (migration) => {
    for (const statement of migration.statements) {
      const limited = statement.actions.some(
        (action) =>
          action.does === "set" &&
          action.setting === "lock_timeout" &&
          action.value !== null &&
          Number.parseInt(action.value, 10) !== 0,
      );
      if (limited) return [];
      const strong = locksOf(statement, migration).find(isStrong);
      if (strong !== undefined)
        return [
          {
            statement,
            message: `The lock on ${strong.relation} is waited for without end, and everybody else waits behind it`,
          },
        ];
    }
    return [];
  },
});
