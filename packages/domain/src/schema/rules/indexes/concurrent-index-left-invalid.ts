import { defineRule } from "../rule.ts";

export const concurrentIndexLeftInvalid = defineRule({
  id: "concurrent-index-left-invalid",
  subject: "indexes",
  severity: "warning",
  title: "IF NOT EXISTS takes an invalid index for the real one",
  why: "When CREATE INDEX CONCURRENTLY fails it leaves an invalid index behind: queries do not use it, writes still feed it. Run again, IF NOT EXISTS sees the name and does nothing, and the migration counts as done.",
  instead: "DROP INDEX CONCURRENTLY IF EXISTS before it, and leave IF NOT EXISTS out.",
  silent: "The migration drops an index of that name before.",
  bad: [{ sql: "CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_status ON orders (status)", transactional: false }],
  good: [
    {
      sql: "DROP INDEX CONCURRENTLY IF EXISTS orders_status;\nCREATE INDEX CONCURRENTLY IF NOT EXISTS orders_status ON orders (status)",
      transactional: false,
    },
    { sql: "CREATE INDEX CONCURRENTLY orders_status ON orders (status)", transactional: false },
  ],
  on: {
    create_index: ({ name, concurrently, ifNotExists }, { migration, statement }) => {
      if (!concurrently || !ifNotExists) return null;
      const gone = migration.statements.some(
        ({ index, actions }) =>
          index < statement.index &&
          actions.some((action) => action.does === "drop" && action.names.some((each) => each.name === name)),
      );
      return gone ? null : { message: `An invalid index ${name} that an earlier try left would pass for this one` };
    },
  },
});
