import { dropped } from "../drops.ts";
import { defineRule } from "../rule.ts";

export const dropView = defineRule({
  id: "drop-view",
  subject: "destruction",
  severity: "error",
  title: "A view is dropped",
  why: "Code that reads the view fails from this moment on.",
  instead: "Deploy code that no longer reads the view first, and drop it in a later migration.",
  silent: "The view comes into being in the same migration, or is made again in it.",
  bad: [
    { given: "CREATE VIEW adults AS SELECT id FROM users WHERE age >= 18", sql: "DROP VIEW adults" },
    {
      given: "CREATE MATERIALIZED VIEW totals AS SELECT user_id, sum(total) FROM orders GROUP BY 1",
      sql: "DROP MATERIALIZED VIEW totals",
    },
  ],
  good: [
    {
      given: "CREATE VIEW adults AS SELECT id FROM users WHERE age >= 18",
      sql: "DROP VIEW adults;\nCREATE VIEW adults AS SELECT id, name FROM users WHERE age >= 18",
      note: "What is lost on the way has a rule of its own.",
    },
  ],
  on: {
    drop: (action, at) =>
      dropped(
        ["view", "materialized view"],
        action,
        at,
        (name) => `View ${name} is dropped: whatever still reads it fails`,
      ),
  },
});
