import { isStrong } from "../locks.ts";
import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const lockTable = defineRule({
  id: "lock-table",
  subject: "locking",
  severity: "warning",
  title: "A table is locked by hand",
  why: "The lock is held until the transaction ends, whatever follows, and waits without end unless a lock_timeout is set.",
  instead: "Let each statement take the lock it needs; where one is needed, take it last and set lock_timeout before.",
  silent: "The mode lets others read and write.",
  bad: [{ sql: "LOCK TABLE users" }, { sql: "LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE" }],
  good: [{ sql: "LOCK TABLE users IN ROW SHARE MODE" }],
  on: {
    lock: ({ tables, mode }) =>
      isStrong({ relation: "", mode })
        ? {
            message: `${tables.map((table) => shown(table)).join(", ")} is locked in ${mode} until the transaction ends`,
          }
        : null,
  },
});
