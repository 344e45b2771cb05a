import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const procedureCall = defineRule({
  id: "procedure-call",
  subject: "opaque",
  severity: "info",
  title: "What a procedure does cannot be read",
  why: "What it does is written elsewhere, can be another thing on the target, and may commit in the middle of the migration.",
  instead: "Write the statements themselves.",
  bad: [{ given: "CREATE PROCEDURE tidy() LANGUAGE sql AS 'DELETE FROM orders WHERE id < 0'", sql: "CALL tidy()" }],
  good: [{ sql: "DELETE FROM orders WHERE status = 'draft'" }],
  on: {
    call_procedure: ({ procedure }) => ({ message: `What ${shown(procedure)} does cannot be judged by reading it` }),
  },
});
