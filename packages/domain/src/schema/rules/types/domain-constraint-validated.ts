import { showsNoScan } from "../measured.ts";
import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const domainConstraintValidated = defineRule({
  id: "domain-constraint-validated",
  subject: "types",
  severity: "warning",
  title: "A constraint on a domain reads every table that uses it",
  why: "ALTER DOMAIN … ADD CONSTRAINT locks and reads through every table with a column of that domain, one after the other in one transaction.",
  instead: "ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT in a later migration.",
  silent: "The domain comes into being in the same migration, or running it shows that nothing is read.",
  bad: [
    {
      given: "CREATE DOMAIN score AS integer;\nALTER TABLE users ADD COLUMN score score",
      sql: "ALTER DOMAIN score ADD CONSTRAINT positive CHECK (value > 0)",
    },
  ],
  good: [
    {
      given: "CREATE DOMAIN score AS integer",
      sql: "ALTER DOMAIN score ADD CONSTRAINT positive CHECK (value > 0) NOT VALID",
    },
    { sql: "CREATE DOMAIN score AS integer;\nALTER DOMAIN score ADD CONSTRAINT positive CHECK (value > 0)" },
  ],
  harmless: [
    { given: "CREATE DOMAIN score AS integer", sql: "ALTER DOMAIN score ADD CONSTRAINT positive CHECK (value > 0)" },
  ],
  on: {
    add_domain_constraint: ({ domain, notValid }, { migration, statement }) =>
      notValid || migration.isNewObject(domain, statement) || showsNoScan(statement)
        ? null
        : { message: `Every table with a column of ${shown(domain)} is locked and read through` },
  },
});
