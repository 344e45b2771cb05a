import { defineRule } from "../rule.ts";

export const setvalConstant = defineRule({
  id: "setval-constant",
  subject: "sequences",
  severity: "warning",
  title: "A sequence is set to a fixed number",
  why: "What the highest number on the target is when this runs is not known here: set too low, the next insert meets a number that is taken; two sessions meanwhile may have gone past it.",
  instead: "SELECT setval('…', (SELECT coalesce(max(id), 0) + 1 FROM …), false), with writers kept out.",
  bad: [{ given: "CREATE SEQUENCE numbers", sql: "SELECT setval('numbers', 1000)" }],
  good: [
    {
      sql: "SELECT setval(pg_get_serial_sequence('users', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM users), false)",
    },
    { sql: "CREATE SEQUENCE numbers;\nSELECT setval('numbers', 1000)" },
  ],
  on: {
    call: ({ functions }, { migration, statement }) => {
      const call = functions.find(({ name, literals }) => name === "setval" && typeof literals[1] === "number");
      const sequence = String(call?.literals[0] ?? "a sequence");
      if (call === undefined || migration.isNewObject({ schema: null, name: sequence }, statement)) return null;
      return { message: `${sequence} is set to ${call.literals[1]}, wherever it stands on the target` };
    },
  },
});
