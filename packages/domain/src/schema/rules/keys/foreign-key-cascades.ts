import type { ConstraintFacts, Name } from "../actions.ts";
import { shown } from "../migration.ts";
import { defineRule, type Found } from "../rule.ts";

export const foreignKeyCascades = defineRule({
  id: "foreign-key-cascades",
  subject: "keys",
  severity: "info",
  title: "Deleting a row deletes rows of other tables",
  why: "ON DELETE CASCADE takes along every row that refers to the deleted one, and what refers to those, in one transaction and without asking. One wrong DELETE reaches far.",
  instead:
    "Leave it at NO ACTION and delete the dependents on purpose, unless they are parts of the row that mean nothing without it.",
  bad: [
    {
      sql: "ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users ON DELETE CASCADE NOT VALID",
    },
    { sql: "CREATE TABLE visits (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE)" },
    { sql: "ALTER TABLE orders ADD COLUMN seller_id bigint REFERENCES users ON DELETE CASCADE" },
  ],
  good: [{ sql: "CREATE TABLE visits (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE SET NULL)" }],
  on: {
    create_table: ({ table, columns, constraints }) =>
      [...constraints, ...columns.flatMap((column) => column.constraints)].flatMap((constraint) =>
        cascading(table, constraint),
      ),
    add_column: ({ table, column }) => column.constraints.flatMap((constraint) => cascading(table, constraint)),
    add_constraint: ({ table, constraint }) => cascading(table, constraint),
  },
});

function cascading(table: Name, { references, onDelete, place }: ConstraintFacts): Found[] {
  if (references === null || onDelete !== "cascade") return [];
  return [
    { message: `Deleting a row of ${shown(references)} deletes every row of ${shown(table)} that refers to it`, place },
  ];
}
