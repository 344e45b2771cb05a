import { keyType } from "../keys.ts";
import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const indexOnBoolean = defineRule({
  id: "index-on-boolean",
  subject: "indexes",
  severity: "info",
  title: "An index on a truth value alone",
  why: "Half of the rows are behind each of its two values, so Postgres reads the table instead; the index costs every write and serves nobody.",
  instead: "A partial index on what is looked for: CREATE INDEX … ON … (created_at) WHERE NOT done.",
  silent: "The column's type is not known.",
  bad: [
    { sql: "CREATE TABLE tasks (id bigint PRIMARY KEY, done boolean);\nCREATE INDEX tasks_done ON tasks (done)" },
    { sql: "ALTER TABLE orders ADD COLUMN paid boolean;\nCREATE INDEX orders_paid ON orders (paid)" },
  ],
  good: [
    {
      sql: "CREATE TABLE tasks (id bigint PRIMARY KEY, done boolean);\nCREATE INDEX tasks_open ON tasks (id) WHERE NOT done",
    },
    {
      sql: "CREATE TABLE tasks (id bigint PRIMARY KEY, done boolean);\nCREATE INDEX tasks_open ON tasks (done) WHERE NOT done",
    },
    { sql: "CREATE INDEX users_lower ON users (lower(email))" },
    { sql: "CREATE INDEX users_age ON users (age)" },
    { sql: "CREATE TABLE tasks (id bigint PRIMARY KEY, done boolean);\nCREATE INDEX tasks_done ON tasks (done, id)" },
  ],
  readsSchema: true,
  on: {
    create_index: ({ table, keys, where, unique }, { migration }) => {
      const column = keys.length === 1 && where === null && !unique ? keys[0]!.column : null;
      if (column === null || keyType(table, column, migration) !== "boolean") return null;
      return { message: `An index of ${shown(table)} on the truth value ${column} alone` };
    },
  },
});
