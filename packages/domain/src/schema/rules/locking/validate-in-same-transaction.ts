import { sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const validateInSameTransaction = defineRule({
  id: "validate-in-same-transaction",
  subject: "locking",
  severity: "warning",
  title: "A constraint is added NOT VALID and validated in one transaction",
  why: "The lock that ADD CONSTRAINT takes is held until the transaction ends, so the validation runs under it after all: NOT VALID has won nothing.",
  instead: "Put VALIDATE CONSTRAINT into a migration of its own.",
  silent: "The table comes into being in the same migration.",
  bad: [
    {
      sql: "ALTER TABLE users ADD CONSTRAINT adult CHECK (age >= 18) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT adult",
    },
  ],
  good: [
    {
      given: "ALTER TABLE users ADD CONSTRAINT adult CHECK (age >= 18) NOT VALID",
      sql: "ALTER TABLE users VALIDATE CONSTRAINT adult",
    },
    {
      sql: "ALTER TABLE users ADD CONSTRAINT adult CHECK (age >= 18) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT adult",
      transactional: false,
    },
    {
      sql: "CREATE TABLE draft (id bigint PRIMARY KEY);\nALTER TABLE draft ADD CONSTRAINT positive CHECK (id > 0) NOT VALID;\nALTER TABLE draft VALIDATE CONSTRAINT positive",
    },
  ],
  on: {
    validate_constraint: ({ table, name }, { migration, statement }) => {
      if (migration.isNew(table, statement)) return null;
      const added = migration
        .earlier(statement)
        .some(({ actions }) =>
          actions.some(
            (action) =>
              action.does === "add_constraint" && action.constraint.name === name && sameName(action.table, table),
          ),
        );
      return added
        ? { message: `Constraint ${name} of ${shown(table)} is validated under the lock that adding it took` }
        : null;
    },
  },
});
