import { isStrong, locksOf } from "../locks.ts";
import { defineRule } from "../rule.ts";

export const missingLockTimeout = defineRule({
  id: "missing-lock-timeout",
  subject: "locking",
  severity: "info",
  title: "A lock is waited for without end",
  why: "A lock that keeps others out waits for every query that runs, and everything that comes later waits behind it: one long report in front is enough to bring the table to a stand.",
  instead:
    "SET LOCAL lock_timeout = '2s' at the beginning (SET in a file without transaction), and try again when it gives up.",
  silent:
    "The file sets lock_timeout before, or locks nothing that was there before. What is deployed from here gets one by itself.",
  bad: [
    { sql: "ALTER TABLE users ADD COLUMN nick text" },
    { sql: "SET lock_timeout = 0;\nALTER TABLE users ADD COLUMN nick text" },
  ],
  good: [
    { sql: "SET LOCAL lock_timeout = '2s';\nALTER TABLE users ADD COLUMN nick text" },
    { sql: "SELECT set_config('lock_timeout', '2s', true);\nALTER TABLE users ADD COLUMN nick text" },
    { sql: "CREATE TABLE draft (id bigint PRIMARY KEY)" },
  ],
  on: {},
  whole: (migration) => {
    for (const statement of migration.statements) {
      const limited = statement.actions.some(
        (action) =>
          action.does === "set" &&
          action.setting === "lock_timeout" &&
          action.value !== null &&
          Number.parseInt(action.value, 10) !== 0,
      );
      if (limited) return [];
      const strong = locksOf(statement, migration).find(isStrong);
      if (strong !== undefined)
        return [
          {
            statement,
            message: `The lock on ${strong.relation} is waited for without end, and everybody else waits behind it`,
          },
        ];
    }
    return [];
  },
});
