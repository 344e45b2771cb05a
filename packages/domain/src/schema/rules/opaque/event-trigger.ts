import { defineRule } from "../rule.ts";

export const eventTrigger = defineRule({
  id: "event-trigger",
  subject: "opaque",
  severity: "warning",
  title: "A trigger on every change of schema",
  why: "An event trigger runs with each migration to come, also those of other teams, and one that fails keeps everybody from changing anything; it takes a superuser.",
  instead: "Watch the schema from outside, where a failure stops nobody.",
  bad: [
    {
      given: "CREATE FUNCTION seen() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
      sql: "CREATE EVENT TRIGGER watch ON ddl_command_start EXECUTE FUNCTION seen()",
    },
  ],
  good: [{ sql: "ALTER TABLE users ADD COLUMN nick text" }],
  on: { create_event_trigger: ({ name }) => ({ message: `Event trigger ${name} runs with every migration to come` }) },
});
