import type { ConstraintFacts, Name } from "../actions.ts";
import { keysKept, keysMade } from "../keys.ts";
import { type Migration, shown } from "../migration.ts";
import { defineRule, type Found } from "../rule.ts";

export const foreignKeyWithoutIndex = defineRule({
  id: "foreign-key-without-index",
  subject: "keys",
  severity: "warning",
  title: "A foreign key without an index on its columns",
  why: "Postgres indexes the referenced side and not this one: each delete or key change over there reads this whole table, holding its locks meanwhile, and joins do so too.",
  instead: "CREATE INDEX CONCURRENTLY on the columns of the foreign key, before the constraint.",
  silent:
    "An index, a primary key or a unique constraint begins with those columns, in the schema or in the same migration.",
  bad: [
    { sql: "ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users NOT VALID" },
    { sql: "CREATE TABLE visits (id bigint PRIMARY KEY, user_id bigint REFERENCES users)" },
    {
      sql: "ALTER TABLE orders ADD COLUMN seller_id bigint REFERENCES users;\nCREATE INDEX orders_status ON orders (status, seller_id)",
    },
    {
      sql: "CREATE TABLE visits (id bigint PRIMARY KEY, user_id bigint REFERENCES users);\nCREATE INDEX visits_recent ON visits (user_id) WHERE id > 100;\nALTER TABLE visits ALTER COLUMN user_id SET NOT NULL",
    },
  ],
  good: [
    {
      sql: "CREATE TABLE visits (id bigint PRIMARY KEY, user_id bigint REFERENCES users);\nCREATE INDEX visits_user_id ON visits (user_id)",
    },
    { sql: "CREATE TABLE visits (user_id bigint REFERENCES users, at date, PRIMARY KEY (user_id, at))" },
    { sql: "CREATE TABLE profiles (user_id bigint PRIMARY KEY REFERENCES users)" },
    { sql: "ALTER TABLE orders ADD COLUMN code bigint REFERENCES users UNIQUE" },
    {
      sql: "CREATE TABLE visits (id bigint PRIMARY KEY, user_id bigint REFERENCES users);\nALTER TABLE visits ADD UNIQUE (user_id, id)",
    },
  ],
  harmless: [
    {
      given: "CREATE INDEX orders_user_id ON orders (user_id, status)",
      sql: "ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users NOT VALID",
    },
  ],
  readsSchema: true,
  on: {
    create_table: (action, { migration }) => [
      ...action.constraints.flatMap((constraint) => unindexed(action.table, constraint, migration)),
      ...action.columns.flatMap((column) =>
        column.constraints.flatMap((constraint) => unindexed(action.table, constraint, migration)),
      ),
    ],
    add_column: ({ table, column }, { migration }) =>
      column.constraints.flatMap((constraint) => unindexed(table, constraint, migration)),
    add_constraint: ({ table, constraint }, { migration }) => unindexed(table, constraint, migration),
  },
});

function unindexed(table: Name, { kind, columns, place }: ConstraintFacts, migration: Migration): Found[] {
  if (kind !== "foreign key") return [];
  const covered = [...keysMade(table, migration), ...keysKept(table, migration)].some((key) => begins(key, columns));
  return covered ? [] : [{ message: `No index of ${shown(table)} begins with ${columns.join(", ")}`, place }];
}

/** Whether the first columns of an index are those asked for, in any order. */
function begins(key: readonly string[], columns: readonly string[]): boolean {
  const first = key.slice(0, columns.length);
  return first.length === columns.length && columns.every((column) => first.includes(column));
}
