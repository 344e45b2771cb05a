import { defineRule, type Found } from "../rule.ts";

export const reservedName = defineRule({
  id: "reserved-name",
  subject: "naming",
  severity: "warning",
  title: "A name that is a word of SQL",
  why: "It has to stand in quotes wherever it is used, and where somebody forgets them it means another thing: SELECT user is the session's user.",
  instead: "Choose a word that SQL does not use: app_user, purchase, position.",
  bad: [
    { sql: 'CREATE TABLE "user" (id bigint PRIMARY KEY)' },
    { sql: 'ALTER TABLE orders ADD COLUMN "order" integer' },
    { sql: 'ALTER TABLE orders RENAME COLUMN note TO "end"' },
  ],
  good: [
    { sql: "CREATE TABLE app_user (id bigint PRIMARY KEY)" },
    { sql: "ALTER TABLE orders ADD COLUMN position integer" },
    { sql: "ALTER TABLE orders RENAME COLUMN note TO remark" },
  ],
  on: {
    create_table: ({ table, columns }) => [table.name, ...columns.map(({ name }) => name)].flatMap(reserved),
    add_column: ({ column }) => reserved(column.name),
    rename: ({ to }) => reserved(to),
  },
});

const RESERVED: ReadonlySet<string> = new Set(
  (
    "all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently constraint create cross current_catalog current_date current_role " +
    "current_schema current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in initially inner " +
    "intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning right select " +
    "session_user similar some symmetric system_user table tablesample then to trailing true union unique user using variadic verbose when where window with"
  ).split(" "),
);

function reserved(name: string): Found[] {
  return RESERVED.has(name) ? [{ message: `"${name}" is a word of SQL and has to be quoted wherever it is used` }] : [];
}
