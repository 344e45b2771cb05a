import type { Name } from "../actions.ts";
import { shown } from "../migration.ts";
import { defineRule, type Found } from "../rule.ts";

export const catalogWrite = defineRule({
  id: "catalog-write",
  subject: "opaque",
  severity: "error",
  title: "Postgres's own catalog is written",
  why: "A row of pg_catalog that does not fit the others can make a table, or the whole database, unreadable; nothing checks it and no error says so.",
  instead: "Use the ALTER statement that does it.",
  bad: [
    { sql: "UPDATE pg_catalog.pg_attribute SET attnotnull = false WHERE attrelid = 0" },
    { sql: "DELETE FROM pg_depend WHERE objid = 0" },
    { sql: "INSERT INTO pg_catalog.pg_description (objoid, classoid, objsubid, description) VALUES (0, 0, 0, 'x')" },
  ],
  good: [{ sql: "UPDATE users SET name = email WHERE name IS NULL" }],
  on: {
    update: ({ table }) => written(table),
    delete: ({ table }) => written(table),
    insert: ({ table }) => written(table),
  },
});

function written(table: Name): Found | null {
  return table.schema === "pg_catalog" || (table.schema === null && /^pg_/.test(table.name))
    ? { message: `${shown(table)} is part of Postgres's own catalog` }
    : null;
}
