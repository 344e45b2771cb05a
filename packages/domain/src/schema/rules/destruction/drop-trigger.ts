import { sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const dropTrigger = defineRule({
  id: "drop-trigger",
  subject: "destruction",
  severity: "warning",
  title: "A trigger is dropped",
  why: "What the trigger did (audit, derived columns, checks) no longer happens, and nothing says so.",
  instead: "Make sure that nothing relies on it, and drop it together with what it fed.",
  silent: "The migration makes it again, or drops its table.",
  bad: [
    {
      given:
        "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\nCREATE TRIGGER note BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION noted()",
      sql: "DROP TRIGGER note ON users",
    },
  ],
  good: [
    {
      given: "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
      sql: "DROP TRIGGER IF EXISTS note ON users;\nCREATE TRIGGER note BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION noted()",
    },
    { sql: "DROP TRIGGER IF EXISTS note ON orders;\nDROP TABLE orders" },
    { sql: "DROP VIEW IF EXISTS note" },
  ],
  on: {
    drop: ({ object, names, on }, { migration }) => {
      if (object !== "trigger" || on === null) return null;
      const settled = migration.statements.some(({ actions }) =>
        actions.some(
          (action) =>
            (action.does === "create_trigger" && action.trigger === names[0]!.name) ||
            (action.does === "drop" && action.object === "table" && action.names.some((name) => sameName(name, on))),
        ),
      );
      return settled
        ? null
        : { message: `Trigger ${names[0]!.name} of ${shown(on)} is dropped: what it did no longer happens` };
    },
  },
});
