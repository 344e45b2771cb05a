import type { ConstraintFacts, Name } from "../actions.ts";
import { showsNoScan } from "../measured.ts";
import { shown } from "../migration.ts";
import { type At, defineRule, type Found } from "../rule.ts";

export const addCheckValidated = defineRule({
  id: "add-check-validated",
  subject: "locking",
  severity: "warning",
  title: "A check is held against all rows while nobody reads or writes",
  why: "ADD CHECK holds an ACCESS EXCLUSIVE lock while it reads the whole table.",
  instead:
    "ADD CONSTRAINT … CHECK … NOT VALID, which takes a moment, and VALIDATE CONSTRAINT in a later migration, beside which reading and writing go on.",
  silent: "The table comes into being in the same migration, or running it shows that it is not read through.",
  bad: [
    { sql: "ALTER TABLE users ADD CONSTRAINT adult CHECK (age >= 18)" },
    { sql: "ALTER TABLE users ADD COLUMN plan text CHECK (plan <> '')" },
  ],
  good: [
    { sql: "ALTER TABLE users ADD CONSTRAINT adult CHECK (age >= 18) NOT VALID" },
    { sql: "CREATE TABLE draft (id bigint PRIMARY KEY);\nALTER TABLE draft ADD CHECK (id > 0)" },
    { sql: "ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users NOT VALID" },
  ],
  on: {
    add_constraint: ({ table, constraint }, at) => validated(table, constraint, at),
    add_column: ({ table, column }, at) => column.constraints.flatMap((constraint) => validated(table, constraint, at)),
  },
});

function validated(table: Name, { kind, notValid, place }: ConstraintFacts, { migration, statement }: At): Found[] {
  if (kind !== "check" || notValid || migration.isNew(table, statement) || showsNoScan(statement)) return [];
  return [{ message: `Nobody reads or writes ${shown(table)} while the check is held against every row`, place }];
}
