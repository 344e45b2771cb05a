import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const grantToEverybody = defineRule({
  id: "grant-to-everybody",
  subject: "security",
  severity: "warning",
  title: "A permission for everybody",
  why: "PUBLIC and anonymous roles are everybody who gets as far as the database, also roles that are made later.",
  instead: "Grant to a role made for it; for functions REVOKE EXECUTE … FROM PUBLIC first.",
  silent: "It is reading of one object that is granted, or the use of a schema or type.",
  bad: [
    { sql: "GRANT ALL ON orders TO PUBLIC" },
    { sql: "GRANT INSERT, SELECT ON orders TO anon" },
    { sql: "GRANT CREATE ON SCHEMA public TO PUBLIC" },
    { sql: "GRANT SELECT ON ALL TABLES IN SCHEMA public TO anon" },
  ],
  good: [
    { sql: "GRANT SELECT ON orders TO anon" },
    { sql: "GRANT USAGE ON SCHEMA public TO PUBLIC" },
    { sql: "GRANT ALL ON orders TO app" },
    { sql: "REVOKE ALL ON orders FROM PUBLIC" },
  ],
  on: {
    grant: ({ object, everyInSchema, names, privileges, grantees }) => {
      const everybody = grantees.filter((role) => /^(?:public|anon|anonymous|web_anon)$/.test(role));
      const reads =
        privileges.length > 0 &&
        privileges.every((privilege) => ["select", "usage", "connect", "execute"].includes(privilege));
      if (everybody.length === 0 || (reads && !everyInSchema)) return null;
      const what = privileges.length === 0 ? "Everything" : privileges.join(", ").toUpperCase();
      const where = `${everyInSchema ? `every ${object} of schema` : object} ${names.map((name) => shown(name)).join(", ")}`;
      return { message: `${what} on ${where} is granted to ${everybody.join(", ")}` };
    },
  },
});
