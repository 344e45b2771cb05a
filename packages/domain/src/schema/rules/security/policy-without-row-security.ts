import { relationIn, sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const policyWithoutRowSecurity = defineRule({
  id: "policy-without-row-security",
  subject: "security",
  severity: "error",
  title: "A policy on a table without row security",
  why: "Until row security is enabled a policy does nothing: it looks guarded and is open.",
  instead: "ALTER TABLE … ENABLE ROW LEVEL SECURITY in the same migration.",
  silent: "Row security is on, in the schema or by the same migration.",
  bad: [{ sql: "CREATE POLICY own ON orders USING (note = current_user)" }],
  good: [
    { sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON orders USING (note = current_user)" },
  ],
  harmless: [
    {
      given: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
      sql: "CREATE POLICY own ON orders USING (note = current_user)",
    },
  ],
  readsSchema: true,
  on: {
    create_policy: ({ table, policy }, { migration, statement }) => {
      const enabled = migration.statements.some(({ actions }) =>
        actions.some(
          (action) => action.does === "row_security" && action.set === "enable" && sameName(action.table, table),
        ),
      );
      const on = migration.after !== null && relationIn(migration.after, table)?.fields.rowSecurity === true;
      if (enabled || on) return null;
      const known = migration.after !== null || migration.isNew(table, statement);
      return {
        ...(known ? {} : { severity: "warning" }),
        message: `Policy ${policy} does nothing while row security is off for ${shown(table)}`,
      };
    },
  },
});
