import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const triggerOnExistingTable = defineRule({
  id: "trigger-on-existing-table",
  subject: "locking",
  severity: "info",
  title: "A trigger comes to a table that is in use",
  why: "CREATE TRIGGER keeps writers out for a moment, and from then on each write runs the function: what fails there makes the write fail.",
  instead: "Deploy the function first, try it on a copy, and set a lock_timeout.",
  silent: "The table comes into being in the same migration.",
  bad: [
    {
      given: "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
      sql: "CREATE TRIGGER note BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION noted()",
    },
    {
      given: "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
      sql: "CREATE TRIGGER note AFTER UPDATE ON users EXECUTE FUNCTION noted()",
    },
  ],
  good: [
    {
      given: "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
      sql: "CREATE TABLE draft (id bigint PRIMARY KEY);\nCREATE TRIGGER note BEFORE UPDATE ON draft FOR EACH ROW EXECUTE FUNCTION noted()",
    },
  ],
  on: {
    create_trigger: ({ table, trigger, each }, { migration, statement }) =>
      migration.isNew(table, statement)
        ? null
        : {
            message: `Each ${each === "row" ? "row written to" : "write to"} ${shown(table)} runs trigger ${trigger} from now on`,
          },
  },
});
