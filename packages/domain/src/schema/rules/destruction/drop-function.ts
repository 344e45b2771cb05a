import { dropped } from "../drops.ts";
import { defineRule } from "../rule.ts";

export const dropFunction = defineRule({
  id: "drop-function",
  subject: "destruction",
  severity: "error",
  title: "A function is dropped",
  why: "Code, policies, defaults and triggers that call the function fail from this moment on.",
  instead: "Deploy code that no longer calls it first, and drop it in a later migration.",
  silent: "The function comes into being in the same migration, or is made again in it.",
  bad: [
    {
      given: "CREATE FUNCTION twice(x integer) RETURNS integer LANGUAGE sql AS 'SELECT x * 2'",
      sql: "DROP FUNCTION twice(integer)",
    },
  ],
  good: [
    {
      given: "CREATE FUNCTION twice(x integer) RETURNS integer LANGUAGE sql AS 'SELECT x * 2'",
      sql: "DROP FUNCTION twice(integer);\nCREATE FUNCTION twice(x bigint) RETURNS bigint LANGUAGE sql AS 'SELECT x * 2'",
    },
  ],
  on: {
    drop: (action, at) =>
      dropped(
        ["function", "procedure", "routine", "aggregate"],
        action,
        at,
        (name) => `Function ${name} is dropped: whatever still calls it fails`,
      ),
  },
});
