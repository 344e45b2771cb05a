import { defineRule } from "../rule.ts";

export const nameTooLong = defineRule({
  id: "name-too-long",
  subject: "naming",
  severity: "warning",
  title: "A name longer than Postgres keeps",
  why: "Names end at 63 bytes; the rest is cut off with a notice that nobody reads. Two long names with the same beginning become one, and code that asks for the whole name may find nothing.",
  instead: "Choose a name of at most 63 bytes.",
  bad: [
    {
      sql: "CREATE INDEX CONCURRENTLY orders_by_the_user_who_placed_them_and_the_status_in_which_they_are_now ON orders (user_id)",
      transactional: false,
    },
  ],
  good: [
    { sql: "CREATE INDEX CONCURRENTLY orders_user ON orders (user_id)", transactional: false },
    { sql: "COMMENT ON TABLE orders IS 'orders_by_the_user_who_placed_them_and_the_status_in_which_they_are_now'" },
  ],
  on: {},
  whole: ({ statements }) =>
    statements.flatMap((statement) =>
      statement.longNames.map((name) => ({ statement, message: `${name} is cut off at 63 bytes` })),
    ),
});
