import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const rowSecurityDisabled = defineRule({
  id: "row-security-disabled",
  subject: "security",
  severity: "error",
  title: "Row security is switched off",
  why: "Every row is open at once to whoever has permission on the table; policies stay and do nothing.",
  instead: "Change the policy that stands in the way; for work on all rows use a role with BYPASSRLS.",
  silent: "The table comes into being in the same migration.",
  bad: [
    { sql: "ALTER TABLE orders DISABLE ROW LEVEL SECURITY" },
    { sql: "ALTER TABLE orders NO FORCE ROW LEVEL SECURITY" },
  ],
  good: [
    { sql: "ALTER TABLE orders FORCE ROW LEVEL SECURITY" },
    { sql: "CREATE TABLE draft (id bigint PRIMARY KEY);\nALTER TABLE draft DISABLE ROW LEVEL SECURITY" },
  ],
  on: {
    row_security: ({ table, set }, { migration, statement }) => {
      if ((set !== "disable" && set !== "no force") || migration.isNew(table, statement)) return null;
      return {
        message:
          set === "disable"
            ? `Every row of ${shown(table)} is open to whoever may use the table`
            : `The owner of ${shown(table)} passes by its policies`,
      };
    },
  },
});
