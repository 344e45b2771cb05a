import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const wideIndex = defineRule({
  id: "wide-index",
  subject: "indexes",
  severity: "info",
  title: "An index over many columns",
  why: "An index serves questions that name its first columns. The later ones seldom help, make it larger, and each write to any of them has to feed it and cannot be a HOT update.",
  instead: "Index the columns that narrow the search, and put what is only read along into INCLUDE.",
  bad: [
    { sql: "CREATE INDEX CONCURRENTLY orders_all ON orders (user_id, status, total, note, id)", transactional: false },
  ],
  good: [
    { sql: "CREATE INDEX CONCURRENTLY orders_all ON orders (user_id, status)", transactional: false },
    {
      sql: "CREATE UNIQUE INDEX CONCURRENTLY orders_all ON orders (user_id, status, total, note, id)",
      transactional: false,
      note: "What has to be unique has to be in it.",
    },
  ],
  on: {
    create_index: ({ table, keys, unique, method }) =>
      keys.length > 4 && !unique && method === "btree"
        ? { message: `An index of ${shown(table)} over ${keys.length} columns` }
        : null,
  },
});
