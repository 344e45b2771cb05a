import type { Name } from "../actions.ts";
import { isStrong, locksOf } from "../locks.ts";
import { shown } from "../migration.ts";
import { type At, defineRule, type Found } from "../rule.ts";

export const dataChangeUnderLock = defineRule({
  id: "data-change-under-lock",
  subject: "locking",
  severity: "warning",
  title: "Rows are changed while a table is locked",
  why: "A lock that an earlier statement took is held until the transaction ends, so the table stands still for as long as the rows take to write.",
  instead: "Put the change of rows into a migration of its own, in batches.",
  silent: "The rows are of a table that comes into being in the same migration, or are written out in the statement.",
  bad: [
    { sql: "ALTER TABLE users ADD COLUMN nick text;\nUPDATE users SET nick = name WHERE nick IS NULL" },
    { sql: "ALTER TABLE users ADD COLUMN nick text;\nINSERT INTO orders (user_id) SELECT id FROM users" },
    { sql: "ALTER TABLE users ADD COLUMN nick text;\nDELETE FROM orders WHERE status = 'draft'" },
  ],
  good: [
    { sql: "UPDATE users SET name = email WHERE name IS NULL" },
    {
      sql: "ALTER TABLE users ADD COLUMN nick text;\nUPDATE users SET nick = name WHERE nick IS NULL",
      transactional: false,
    },
    { sql: "ALTER TABLE users ADD COLUMN nick text;\nINSERT INTO orders (user_id) VALUES (1)" },
    {
      sql: "CREATE TABLE draft (id bigint PRIMARY KEY);\nALTER TABLE draft ADD COLUMN at date;\nINSERT INTO draft SELECT id FROM users",
    },
  ],
  on: {
    update: ({ table }, at) => underLock(table, at),
    delete: ({ table }, at) => underLock(table, at),
    insert: ({ table, fromQuery }, at) => (fromQuery ? underLock(table, at) : null),
  },
});

function underLock(table: Name, { migration, statement }: At): Found | null {
  if (migration.isNew(table, statement)) return null;
  const held = migration
    .earlier(statement)
    .flatMap((earlier) => locksOf(earlier, migration))
    .find(isStrong);
  return held === undefined
    ? null
    : { message: `${held.relation} stays locked while the rows of ${shown(table)} are written` };
}
