import type { ConstraintFacts, Name } from "../actions.ts";
import { shown } from "../migration.ts";
import { type At, defineRule, type Found } from "../rule.ts";

export const addPrimaryKey = defineRule({
  id: "add-primary-key",
  subject: "keys",
  severity: "warning",
  title: "A primary key builds its index while nobody reads or writes",
  why: "ADD PRIMARY KEY holds an ACCESS EXCLUSIVE lock while it builds the index, and reads the table once more to make sure that the columns are NOT NULL.",
  instead:
    "Make the columns NOT NULL by a validated CHECK, CREATE UNIQUE INDEX CONCURRENTLY, then ADD PRIMARY KEY USING INDEX.",
  silent: "The table comes into being in the same migration.",
  bad: [
    { given: "CREATE TABLE plain (id bigint NOT NULL)", sql: "ALTER TABLE plain ADD PRIMARY KEY (id)" },
    { given: "CREATE TABLE plain (at date)", sql: "ALTER TABLE plain ADD COLUMN id bigserial PRIMARY KEY" },
  ],
  good: [
    {
      given: "CREATE TABLE plain (id bigint NOT NULL);\nCREATE UNIQUE INDEX plain_id ON plain (id)",
      sql: "ALTER TABLE plain ADD CONSTRAINT plain_pkey PRIMARY KEY USING INDEX plain_id",
    },
    { sql: "CREATE TABLE draft (id bigint);\nALTER TABLE draft ADD PRIMARY KEY (id)" },
  ],
  on: {
    add_constraint: (action, at) => builds(action.table, action.constraint, at),
    add_column: ({ table, column }, at) => column.constraints.flatMap((one) => builds(table, one, at)),
  },
});

function builds(table: Name, { kind, usingIndex, place }: ConstraintFacts, { migration, statement }: At): Found[] {
  if (kind !== "primary key" || usingIndex !== null || migration.isNew(table, statement)) return [];
  return [{ message: `Nobody reads or writes ${shown(table)} while the index of its primary key is built`, place }];
}
