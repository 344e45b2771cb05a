import { dropped } from "../drops.ts";
import { defineRule } from "../rule.ts";

export const dropDatabase = defineRule({
  id: "drop-database",
  subject: "destruction",
  severity: "error",
  title: "A database is dropped",
  why: "Everything in it is gone, and nothing but a backup brings it back.",
  instead: "Leave databases to those who run the server; a migration works inside one.",
  bad: [{ sql: "DROP DATABASE shop", transactional: false }],
  good: [{ sql: "DROP INDEX IF EXISTS shop" }],
  on: {
    drop: (action, at) =>
      dropped(["database"], action, at, (name) => `Database ${name} is dropped with everything in it`),
  },
});
