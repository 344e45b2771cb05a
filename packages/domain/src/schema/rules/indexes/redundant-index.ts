import { keysKept, keysMade } from "../keys.ts";
import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const redundantIndex = defineRule({
  id: "redundant-index",
  subject: "indexes",
  severity: "warning",
  title: "An index that another one already holds",
  why: "A btree index on (a) is contained in one on (a, b), a unique constraint or the primary key: it answers nothing more, costs every write, and takes room.",
  instead: "Leave it out, or drop the shorter one once the longer is there.",
  silent:
    "Its index is unique or partial, uses another method, an expression or an order of its own; or nothing is known of the other.",
  bad: [
    {
      given: "CREATE INDEX orders_user_status ON orders (user_id, status)",
      sql: "CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\nCREATE INDEX CONCURRENTLY orders_user_again ON orders (user_id)",
      transactional: false,
    },
    { sql: "CREATE TABLE tasks (id bigint PRIMARY KEY, at date);\nCREATE INDEX tasks_id ON tasks (id)" },
  ],
  good: [
    { sql: "CREATE INDEX CONCURRENTLY orders_user ON orders (user_id, status)", transactional: false },
    {
      sql: "CREATE TABLE tasks (id bigint PRIMARY KEY, at date);\nCREATE INDEX tasks_id ON tasks (id) WHERE at IS NULL",
    },
    { sql: "CREATE TABLE tasks (id bigint PRIMARY KEY, word text);\nCREATE INDEX tasks_lower ON tasks (lower(word))" },
    {
      sql: "CREATE INDEX CONCURRENTLY a ON orders (user_id);\nCREATE INDEX CONCURRENTLY b ON users (age)",
      transactional: false,
    },
  ],
  readsSchema: true,
  on: {
    create_index: (action, { migration, statement }) => {
      const { table, keys, where, unique, method } = action;
      const columns = keys.flatMap(({ column }) => column ?? []);
      if (where !== null || unique || method !== "btree" || columns.length < keys.length || columns.length === 0)
        return null;
      const others = [
        ...keysMade(table, migration, statement),
        ...keysKept(table, { ...migration, after: migration.before }),
      ];
      const holder = others.find((key) => columns.every((column, at) => key[at] === column));
      return holder === undefined
        ? null
        : {
            message: `An index of ${shown(table)} on (${columns.join(", ")}) beside one on (${holder.join(", ")}) that holds it`,
          };
    },
  },
});
