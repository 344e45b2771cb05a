import { sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const materializedViewWithoutUniqueIndex = defineRule({
  id: "materialized-view-without-unique-index",
  subject: "indexes",
  severity: "info",
  title: "A materialized view that cannot be refreshed beside its readers",
  why: "REFRESH … CONCURRENTLY needs a unique index over plain columns. Without one each refresh keeps every reader out.",
  instead: "CREATE UNIQUE INDEX on the columns that identify a row of the view, in the same migration.",
  bad: [{ sql: "CREATE MATERIALIZED VIEW totals AS SELECT user_id, sum(total) AS total FROM orders GROUP BY user_id" }],
  good: [
    {
      sql: "CREATE MATERIALIZED VIEW totals AS SELECT user_id, sum(total) AS total FROM orders GROUP BY user_id;\nCREATE UNIQUE INDEX totals_user ON totals (user_id)",
    },
  ],
  on: {
    create_materialized_view: ({ view }, { migration }) =>
      migration.statements.some(({ actions }) =>
        actions.some((action) => action.does === "create_index" && action.unique && sameName(action.table, view)),
      )
        ? null
        : { message: `${shown(view)} has no unique index: each refresh keeps its readers out` },
  },
});
