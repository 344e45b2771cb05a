import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const reindexNotConcurrently = defineRule({
  id: "reindex-not-concurrently",
  subject: "indexes",
  severity: "warning",
  title: "An index is rebuilt while others wait",
  why: "REINDEX keeps writers out for as long as it takes, and readers that want the index too.",
  instead: "REINDEX … CONCURRENTLY (Postgres 12 and later), outside a transaction.",
  silent: "The table comes into being in the same migration.",
  bad: [
    { sql: "REINDEX TABLE orders" },
    { sql: "REINDEX INDEX users_pkey" },
    { sql: "REINDEX SCHEMA public", transactional: false },
  ],
  good: [
    { sql: "REINDEX TABLE CONCURRENTLY orders", transactional: false },
    { sql: "CREATE TABLE draft (id bigint PRIMARY KEY);\nREINDEX TABLE draft" },
  ],
  on: {
    reindex: ({ object, name, concurrently }, { migration, statement }) => {
      if (concurrently || (name !== null && object === "table" && migration.isNew(name, statement))) return null;
      return {
        message: `Writers wait while ${object} ${name === null ? "" : shown(name)} is rebuilt`.replace("  ", " "),
      };
    },
  },
});
