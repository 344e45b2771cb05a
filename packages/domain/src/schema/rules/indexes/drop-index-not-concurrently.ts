import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const dropIndexNotConcurrently = defineRule({
  id: "drop-index-not-concurrently",
  subject: "indexes",
  severity: "warning",
  title: "An index is dropped while everybody waits",
  why: "DROP INDEX takes an ACCESS EXCLUSIVE lock on the table: it waits for every query that runs, and every new one waits behind it.",
  instead: "DROP INDEX CONCURRENTLY, in a migration of its own without a transaction.",
  silent: "The migration drops the table too, or made the index itself.",
  bad: [{ given: "CREATE INDEX orders_status ON orders (status)", sql: "DROP INDEX orders_status" }],
  good: [
    {
      given: "CREATE INDEX orders_status ON orders (status)",
      sql: "DROP INDEX CONCURRENTLY IF EXISTS orders_status",
      transactional: false,
    },
    { sql: "CREATE TABLE draft (id bigint);\nCREATE INDEX draft_id ON draft (id);\nDROP INDEX draft_id" },
    { sql: "DROP VIEW IF EXISTS orders_status" },
  ],
  on: {
    drop: ({ object, names, concurrently }, { migration, statement }) => {
      if (object !== "index" || concurrently) return null;
      const made = migration.statements.flatMap(({ index, actions }) =>
        index < statement.index
          ? actions.flatMap((action) => (action.does === "create_index" ? [action.name] : []))
          : [],
      );
      const old = names.filter(({ name }) => !made.includes(name));
      return old.length === 0
        ? null
        : {
            message: `Everybody who uses the table waits while index ${old.map((name) => shown(name)).join(", ")} is dropped`,
          };
    },
  },
});
