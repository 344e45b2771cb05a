import { defineRule } from "../rule.ts";

export const powerfulRole = defineRule({
  id: "powerful-role",
  subject: "security",
  severity: "warning",
  title: "A role with powers over the whole server",
  why: "SUPERUSER passes by every permission, BYPASSRLS by every policy, CREATEROLE can grant what it does not have itself, REPLICATION reads everything.",
  instead: "Grant what the role needs on the objects it needs it on.",
  bad: [{ sql: "CREATE ROLE boss SUPERUSER" }, { sql: "ALTER ROLE app BYPASSRLS" }],
  good: [{ sql: "CREATE ROLE clerk NOLOGIN" }, { sql: "ALTER ROLE app NOSUPERUSER" }],
  on: {
    role: ({ name, powers }) =>
      powers.length > 0 ? { message: `Role ${name} gets ${powers.join(", ").toUpperCase()}` } : null,
  },
});
