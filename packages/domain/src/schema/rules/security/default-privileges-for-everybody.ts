import { defineRule } from "../rule.ts";

export const defaultPrivilegesForEverybody = defineRule({
  id: "default-privileges-for-everybody",
  subject: "security",
  severity: "warning",
  title: "Whatever is made from now on is open to everybody",
  why: "Default privileges for PUBLIC or an anonymous role open each table and function to come, and nobody who makes one will see it.",
  instead: "Grant on each object by name, to a role made for it.",
  bad: [{ sql: "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO PUBLIC" }],
  good: [
    { sql: "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO app" },
    { sql: "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC" },
  ],
  on: {
    grant_by_default: ({ object, grantees }) => {
      const everybody = grantees.filter((role) => /^(?:public|anon|anonymous|web_anon)$/.test(role));
      return everybody.length === 0
        ? null
        : { message: `Every ${object} that is made from now on is open to ${everybody.join(", ")}` };
    },
  },
});
