import type { StatementFacts } from "../facts.ts";
import { locksOf, STRONGEST } from "../locks.ts";
import { defineRule } from "../rule.ts";

export const severalTablesLocked = defineRule({
  id: "several-tables-locked",
  subject: "locking",
  severity: "warning",
  title: "Several tables are locked at once",
  why: "Every ACCESS EXCLUSIVE lock is held until the transaction ends: the first table stands still while the second lock is waited for, and a session that takes the two in the other order makes a deadlock.",
  instead: "One table a migration, or each statement on its own in a file without transaction.",
  bad: [{ sql: "ALTER TABLE users ADD COLUMN nick text;\nALTER TABLE orders ADD COLUMN code text" }],
  good: [
    { sql: "ALTER TABLE users ADD COLUMN nick text;\nALTER TABLE users ADD COLUMN code text" },
    { sql: "ALTER TABLE users ADD COLUMN nick text;\nALTER TABLE orders ADD COLUMN code text", transactional: false },
    {
      sql: "CREATE TABLE draft (id bigint PRIMARY KEY);\nALTER TABLE draft ADD COLUMN at date;\nALTER TABLE users ADD COLUMN nick text",
    },
  ],
  on: {},
  whole: (migration) => {
    const strongest = (statement: StatementFacts) =>
      locksOf(statement, migration)
        .filter(({ mode }) => mode === STRONGEST)
        .map(({ relation }) => relation);
    for (const statement of migration.statements) {
      const before = migration.earlier(statement).flatMap(strongest);
      const own = before.length === 0 ? undefined : strongest(statement).find((relation) => !before.includes(relation));
      if (own !== undefined)
        return [{ statement, message: `${own} is locked against everybody while ${before[0]} still is` }];
    }
    return [];
  },
});
