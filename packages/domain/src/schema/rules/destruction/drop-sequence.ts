import { dropped } from "../drops.ts";
import { defineRule } from "../rule.ts";

export const dropSequence = defineRule({
  id: "drop-sequence",
  subject: "destruction",
  severity: "error",
  title: "A sequence is dropped",
  why: "Inserts that take their numbers from it fail, and where it had got to is forgotten: made again, it begins at the start and meets numbers that are taken.",
  instead: "Move every default and every caller of nextval away first; an identity column brings its own sequence.",
  bad: [{ given: "CREATE SEQUENCE invoice_number", sql: "DROP SEQUENCE invoice_number" }],
  good: [{ sql: "CREATE SEQUENCE draft;\nDROP SEQUENCE draft" }],
  on: {
    drop: (action, at) =>
      dropped(
        ["sequence"],
        action,
        at,
        (name) => `Sequence ${name} is dropped: whoever takes numbers from it fails, and where it stood is forgotten`,
      ),
  },
});
