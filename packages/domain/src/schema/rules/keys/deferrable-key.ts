import type { ConstraintFacts, Name } from "../actions.ts";
import { shown } from "../migration.ts";
import { defineRule, type Found } from "../rule.ts";

export const deferrableKey = defineRule({
  id: "deferrable-key",
  subject: "keys",
  severity: "info",
  title: "A key that is checked only at the end",
  why: "INSERT … ON CONFLICT cannot use a deferrable key, no foreign key may point at it, and the planner does not count on it.",
  instead: "Leave DEFERRABLE out, unless rows have to swap their keys within a transaction.",
  bad: [
    { sql: "CREATE TABLE ranks (place integer UNIQUE DEFERRABLE, id bigint PRIMARY KEY)" },
    { sql: "ALTER TABLE users ADD CONSTRAINT users_email UNIQUE (email) DEFERRABLE" },
  ],
  good: [
    { sql: "CREATE TABLE ranks (place integer UNIQUE, id bigint PRIMARY KEY)" },
    { sql: "ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users DEFERRABLE NOT VALID" },
  ],
  on: {
    create_table: ({ table, columns, constraints }) =>
      [...constraints, ...columns.flatMap((column) => column.constraints)].flatMap((constraint) =>
        deferred(table, constraint),
      ),
    add_constraint: ({ table, constraint }) => deferred(table, constraint),
  },
});

function deferred(table: Name, { kind, deferrable, columns, place }: ConstraintFacts): Found[] {
  if (!deferrable || (kind !== "unique" && kind !== "primary key")) return [];
  return [
    {
      message: `The key of ${shown(table)} on ${columns.join(", ")} is of no use to ON CONFLICT and foreign keys`,
      place,
    },
  ];
}
