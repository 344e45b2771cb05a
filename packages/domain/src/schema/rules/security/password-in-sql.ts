import { defineRule } from "../rule.ts";

export const passwordInSql = defineRule({
  id: "password-in-sql",
  subject: "security",
  severity: "error",
  title: "A secret stands in the migration",
  why: "It is in the repository for everybody who reads it, in the server's log, and cannot be taken back from either.",
  instead: "Make the role without a password and set it from a secret store, outside the migration.",
  bad: [
    { sql: "CREATE ROLE reporter LOGIN PASSWORD 'example'" },
    { sql: "ALTER ROLE app PASSWORD 'example'" },
    {
      sql: "CREATE SUBSCRIPTION copy CONNECTION 'host=example user=app password=example' PUBLICATION all_orders WITH (connect = false)",
      runs: false,
    },
  ],
  good: [{ sql: "CREATE ROLE reporter LOGIN" }, { sql: "ALTER ROLE app PASSWORD NULL" }],
  on: {
    role: ({ name, password }) =>
      password ? { message: `The password of role ${name} stands in the migration` } : null,
    secret: ({ where }) => ({ message: `The secret of ${where} stands in the migration` }),
  },
});
