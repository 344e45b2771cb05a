import type { ConstraintFacts, Name } from "../actions.ts";
import { showsNoScan } from "../measured.ts";
import { shown } from "../migration.ts";
import { type At, defineRule, type Found } from "../rule.ts";

export const addForeignKeyValidated = defineRule({
  id: "add-foreign-key-validated",
  subject: "locking",
  severity: "warning",
  title: "A foreign key is checked against all rows while writes wait",
  why: "ADD FOREIGN KEY holds a SHARE ROW EXCLUSIVE lock on both tables: reading goes on, every write to either waits until each row has been looked up.",
  instead:
    "ADD CONSTRAINT … NOT VALID, which takes a moment, and VALIDATE CONSTRAINT in a later migration, beside which reading and writing go on.",
  silent: "The table comes into being in the same migration, or running it shows that no table is read through.",
  bad: [
    { sql: "ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users" },
    { sql: "ALTER TABLE orders ADD COLUMN seller_id bigint DEFAULT 1 REFERENCES users" },
  ],
  good: [
    { sql: "ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users NOT VALID" },
    {
      sql: "CREATE TABLE visits (id bigint PRIMARY KEY, user_id bigint);\nALTER TABLE visits ADD FOREIGN KEY (user_id) REFERENCES users",
    },
    {
      sql: "ALTER TABLE orders ADD COLUMN seller_id bigint REFERENCES users",
      note: "A column full of NULL has nothing to check.",
    },
    { sql: "ALTER TABLE orders ADD COLUMN word text CHECK (word <> '')" },
  ],
  on: {
    add_constraint: ({ table, constraint }, at) => validated(table, constraint, at),
    add_column: ({ table, column }, at) =>
      column.default === null ? [] : column.constraints.flatMap((constraint) => validated(table, constraint, at)),
  },
});

function validated(
  table: Name,
  { references, notValid, columns, place }: ConstraintFacts,
  { migration, statement }: At,
): Found[] {
  if (references === null || notValid || migration.isNew(table, statement) || showsNoScan(statement)) return [];
  return [
    {
      message: `Writes to ${shown(table)} and ${shown(references)} wait while every ${columns.join(", ")} is looked up`,
      place,
    },
  ];
}
