import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const refreshNotConcurrently = defineRule({
  id: "refresh-not-concurrently",
  subject: "locking",
  severity: "warning",
  title: "A materialized view is refreshed while its readers wait",
  why: "REFRESH takes an ACCESS EXCLUSIVE lock for as long as the query takes; WITH NO DATA leaves a view that cannot be read at all.",
  instead: "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on the view.",
  silent: "The view comes into being in the same migration.",
  bad: [
    { given: "CREATE MATERIALIZED VIEW totals AS SELECT user_id FROM orders", sql: "REFRESH MATERIALIZED VIEW totals" },
    {
      given: "CREATE MATERIALIZED VIEW totals AS SELECT user_id FROM orders",
      sql: "REFRESH MATERIALIZED VIEW totals WITH NO DATA",
    },
  ],
  good: [
    {
      given:
        "CREATE MATERIALIZED VIEW totals AS SELECT user_id FROM orders;\nCREATE UNIQUE INDEX totals_user ON totals (user_id)",
      sql: "REFRESH MATERIALIZED VIEW CONCURRENTLY totals",
    },
    { sql: "CREATE MATERIALIZED VIEW totals AS SELECT user_id FROM orders;\nREFRESH MATERIALIZED VIEW totals" },
  ],
  on: {
    refresh: ({ view, concurrently, withData }, { migration, statement }) => {
      if (concurrently || migration.isNew(view, statement)) return null;
      return {
        message: withData
          ? `Readers of ${shown(view)} wait until it is refreshed`
          : `${shown(view)} cannot be read until it is refreshed with data`,
      };
    },
  },
});
