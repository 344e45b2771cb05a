import type { ConstraintFacts, Name } from "../actions.ts";
import { shown } from "../migration.ts";
import { type At, defineRule, type Found } from "../rule.ts";

export const addUniqueConstraint = defineRule({
  id: "add-unique-constraint",
  subject: "keys",
  severity: "warning",
  title: "A unique constraint builds its index while nobody reads or writes",
  why: "ADD UNIQUE holds an ACCESS EXCLUSIVE lock for as long as the index takes to build.",
  instead: "CREATE UNIQUE INDEX CONCURRENTLY first, then ADD CONSTRAINT … UNIQUE USING INDEX, which takes a moment.",
  silent: "The table comes into being in the same migration.",
  bad: [
    { sql: "ALTER TABLE users ADD CONSTRAINT users_email UNIQUE (email)" },
    { sql: "ALTER TABLE users ADD COLUMN code text UNIQUE" },
  ],
  good: [
    {
      given: "CREATE UNIQUE INDEX users_email ON users (email)",
      sql: "ALTER TABLE users ADD CONSTRAINT users_email UNIQUE USING INDEX users_email",
    },
    {
      sql: "CREATE TABLE draft (id bigint PRIMARY KEY, code text);\nALTER TABLE draft ADD UNIQUE (code), ADD COLUMN word text UNIQUE",
    },
    { sql: "ALTER TABLE orders ADD CHECK (total > 0) NOT VALID" },
  ],
  on: {
    add_constraint: (action, at) => builds(action.table, action.constraint, at),
    add_column: ({ table, column }, at) => column.constraints.flatMap((one) => builds(table, one, at)),
  },
});

function builds(
  table: Name,
  { kind, columns, usingIndex, place }: ConstraintFacts,
  { migration, statement }: At,
): Found[] {
  if (kind !== "unique" || usingIndex !== null || migration.isNew(table, statement)) return [];
  return [
    {
      message: `Nobody reads or writes ${shown(table)} while the unique index on ${columns.join(", ")} is built`,
      place,
    },
  ];
}
