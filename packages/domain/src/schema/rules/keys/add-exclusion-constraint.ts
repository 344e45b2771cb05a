import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const addExclusionConstraint = defineRule({
  id: "add-exclusion-constraint",
  subject: "keys",
  severity: "warning",
  title: "An exclusion constraint builds its index while nobody reads or writes",
  why: "It holds an ACCESS EXCLUSIVE lock for as long as the index takes to build, and there is no way to build that index beforehand.",
  instead:
    "Add it while the table is small or nobody uses it, with a lock_timeout; else make a new table with the constraint and move the rows over in batches.",
  silent: "The table comes into being in the same migration.",
  bad: [
    {
      given: "CREATE TABLE bookings (id bigint PRIMARY KEY, during tstzrange)",
      sql: "ALTER TABLE bookings ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&)",
    },
  ],
  good: [
    {
      sql: "CREATE TABLE bookings (id bigint PRIMARY KEY, during tstzrange);\nALTER TABLE bookings ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&)",
    },
    { sql: "ALTER TABLE orders ADD CHECK (total > 0) NOT VALID" },
  ],
  on: {
    add_constraint: ({ table, constraint }, { migration, statement }) =>
      constraint.kind !== "exclusion" || migration.isNew(table, statement)
        ? null
        : {
            message: `Nobody reads or writes ${shown(table)} while the index of the exclusion constraint is built`,
            place: constraint.place,
          },
  },
});
