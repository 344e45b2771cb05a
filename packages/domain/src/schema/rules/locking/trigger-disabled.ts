import { sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const triggerDisabled = defineRule({
  id: "trigger-disabled",
  subject: "locking",
  severity: "warning",
  title: "Triggers are switched off",
  why: "What they do (audit, derived columns) does not happen until they are on again. DISABLE TRIGGER ALL also switches off foreign keys, takes a superuser, and leaves rows that nobody has checked.",
  instead:
    "Write the change so that the triggers may run. Where they must not, switch off one by name and on again in the same transaction.",
  silent: "One trigger is switched on again in the same migration.",
  bad: [
    { sql: "ALTER TABLE users DISABLE TRIGGER ALL;\nALTER TABLE users ENABLE TRIGGER ALL" },
    { sql: "ALTER TABLE users DISABLE TRIGGER USER" },
    {
      given:
        "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\nCREATE TRIGGER note BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION noted()",
      sql: "ALTER TABLE users DISABLE TRIGGER note",
    },
  ],
  good: [
    {
      given:
        "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\nCREATE TRIGGER note BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION noted()",
      sql: "ALTER TABLE users DISABLE TRIGGER note;\nALTER TABLE users ENABLE TRIGGER note",
    },
  ],
  on: {
    switch_trigger: ({ table, on, trigger }, { migration, statement }) => {
      if (on) return null;
      const again = migration.statements.some(
        ({ index, actions }) =>
          index > statement.index &&
          actions.some((action) => action.does === "switch_trigger" && action.on && sameName(action.table, table)),
      );
      if (again && trigger !== "all") return null;
      const which =
        typeof trigger === "string"
          ? trigger === "all"
            ? "Every trigger and foreign key"
            : "Every trigger"
          : `Trigger ${trigger.name}`;
      return { message: `${which} of ${shown(table)} is switched off${again ? "" : " and stays so"}` };
    },
  },
});
