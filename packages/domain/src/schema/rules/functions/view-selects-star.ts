import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const viewSelectsStar = defineRule({
  id: "view-selects-star",
  subject: "functions",
  severity: "info",
  title: "A view selects *",
  why: "The star is written out once, when the view is made: columns that come later are missing, and one that is dropped takes the view with it or is refused because of it.",
  instead: "Name the columns.",
  bad: [{ sql: "CREATE VIEW everybody AS SELECT * FROM users" }],
  good: [
    { sql: "CREATE VIEW everybody AS SELECT id, email FROM users" },
    { sql: "CREATE VIEW counted AS SELECT count(*) AS n FROM users" },
  ],
  on: {
    create_view: ({ view, star }) =>
      star ? { message: `The columns of ${shown(view)} stay as they are today` } : null,
  },
});
