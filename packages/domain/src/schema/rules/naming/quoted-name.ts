import { defineRule, type Found } from "../rule.ts";

export const quotedName = defineRule({
  id: "quoted-name",
  subject: "naming",
  severity: "info",
  title: "A name that has to be quoted",
  why: "Postgres folds names to lower case: one with capitals, blanks or other signs has to stand in quotes everywhere, and without them it is not found.",
  instead: "Lower case with underscores.",
  silent: "The name is a word of SQL; that has a rule of its own.",
  bad: [
    { sql: 'CREATE TABLE "Visits" (id bigint PRIMARY KEY)' },
    { sql: 'ALTER TABLE orders ADD COLUMN "paidAt" timestamptz' },
    { sql: 'ALTER TABLE orders RENAME TO "all orders"' },
  ],
  good: [
    { sql: "CREATE TABLE Visits (Id bigint PRIMARY KEY)", note: "Without quotes it is lower case anyway." },
    { sql: "ALTER TABLE orders ADD COLUMN paid_at timestamptz" },
    { sql: "ALTER TABLE orders RENAME COLUMN note TO remark" },
  ],
  on: {
    create_table: ({ table, columns }) => [table.name, ...columns.map(({ name }) => name)].flatMap(quoted),
    add_column: ({ column }) => quoted(column.name),
    rename: ({ to }) => quoted(to),
  },
});

function quoted(name: string): Found[] {
  return /^[a-z_\u0080-\uffff][a-z0-9_$\u0080-\uffff]*$/.test(name)
    ? []
    : [{ message: `"${name}" has to be quoted wherever it is used` }];
}
