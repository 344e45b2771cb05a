import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const policyAlwaysTrue = defineRule({
  id: "policy-always-true",
  subject: "security",
  severity: "warning",
  title: "A policy that lets everybody write every row",
  why: "USING (true) or WITH CHECK (true) for writing is as if there were no row security, for every role that the policy names.",
  instead: "Compare with who asks: a column with the user's id, or a setting of the session.",
  silent: "The policy is restrictive, for reading only, or for a role of its own.",
  bad: [
    { sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\nCREATE POLICY open ON orders USING (true)" },
    {
      sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\nCREATE POLICY open ON orders FOR INSERT TO anon WITH CHECK (true)",
    },
  ],
  good: [
    { sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\nCREATE POLICY readable ON orders FOR SELECT USING (true)" },
    { sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON orders USING (note = current_user)" },
    { sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\nCREATE POLICY app ON orders TO app USING (true)" },
    {
      sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\nCREATE POLICY all_of ON orders AS RESTRICTIVE USING (true)",
    },
  ],
  on: {
    create_policy: ({ table, policy, permissive, command, roles, using, check }) => {
      const everybody = roles.some((role) => ["public", "anon", "authenticated"].includes(role));
      if (!permissive || command === "select" || !everybody || (using?.literal !== true && check?.literal !== true))
        return null;
      return { message: `Policy ${policy} lets ${roles.join(", ")} write every row of ${shown(table)}` };
    },
  },
});
