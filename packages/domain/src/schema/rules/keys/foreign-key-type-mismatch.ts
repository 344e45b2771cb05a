import type { ConstraintFacts, Name } from "../actions.ts";
import { keyType, primaryKeyOf } from "../keys.ts";
import { type Migration, shown } from "../migration.ts";
import { defineRule, type Found } from "../rule.ts";

export const foreignKeyTypeMismatch = defineRule({
  id: "foreign-key-type-mismatch",
  subject: "keys",
  severity: "warning",
  title: "A foreign key between columns of different types",
  why: "Each check casts the value, which can keep Postgres from using the index; an integer that refers to a bigint runs out of numbers before its partner does.",
  instead: "Give both columns the same type.",
  silent: "One of the two types is not known.",
  bad: [
    {
      sql: "CREATE TABLE visits (id bigint PRIMARY KEY);\nCREATE TABLE marks (id bigint PRIMARY KEY, visit_id integer REFERENCES visits (id))",
    },
    {
      sql: "CREATE TABLE visits (id bigserial PRIMARY KEY);\nCREATE TABLE marks (visit_id integer, FOREIGN KEY (visit_id) REFERENCES visits (id))",
    },
    {
      sql: "CREATE TABLE visits (id bigint PRIMARY KEY);\nCREATE TABLE marks (id bigint PRIMARY KEY, visit_id integer REFERENCES visits)",
    },
  ],
  good: [
    { sql: "CREATE TABLE marks (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id))" },
    { sql: "ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID" },
    { sql: "ALTER TABLE orders ADD CHECK (total > 0) NOT VALID" },
    {
      given: "CREATE TABLE pairs (a bigint, b text, PRIMARY KEY (a, b))",
      sql: "CREATE TABLE marks (a bigint, b text, FOREIGN KEY (a, b) REFERENCES pairs)",
    },
    { sql: "ALTER TABLE orders ADD COLUMN seller_id bigint REFERENCES users (id)" },
  ],
  readsSchema: true,
  on: {
    create_table: ({ table, columns, constraints }, { migration }) =>
      [...constraints, ...columns.flatMap((column) => column.constraints)].flatMap((constraint) =>
        mismatched(table, constraint, migration),
      ),
    add_column: ({ table, column }, { migration }) =>
      column.constraints.flatMap((constraint) => mismatched(table, constraint, migration)),
    add_constraint: ({ table, constraint }, { migration }) => mismatched(table, constraint, migration),
  },
});

function mismatched(
  table: Name,
  { kind, references, columns, referencedColumns, place }: ConstraintFacts,
  migration: Migration,
): Found[] {
  if (kind !== "foreign key" || references === null) return [];
  const targets = referencedColumns.length > 0 ? referencedColumns : primaryKeyOf(references, migration);
  return columns.flatMap((column, at): Found[] => {
    const target = targets[at];
    const [own, other] = [
      keyType(table, column, migration),
      target === undefined ? null : keyType(references, target, migration),
    ];
    if (own === null || other === null || own === other) return [];
    return [
      {
        message: `${shown(table, column)} is ${own} and refers to ${shown(references, target!)}, which is ${other}`,
        place,
      },
    ];
  });
}
