import { full, sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const policyDropped = defineRule({
  id: "policy-dropped",
  subject: "security",
  severity: "warning",
  title: "A policy is dropped",
  why: "Rows that only this policy let through vanish for those who saw them; if it was restrictive, rows that it kept back are open.",
  instead: "Make the policy that takes its place in the same migration.",
  silent: "The migration makes a policy for the table, or drops it.",
  bad: [{ given: "CREATE POLICY own ON orders USING (true)", sql: "DROP POLICY own ON orders" }],
  good: [
    {
      given: "CREATE POLICY own ON orders USING (true)",
      sql: "DROP POLICY own ON orders;\nCREATE POLICY own ON orders USING (note = current_user)",
    },
    { sql: "DROP POLICY IF EXISTS own ON orders;\nDROP TABLE orders" },
    { sql: "DROP VIEW IF EXISTS own" },
  ],
  on: {
    drop: ({ object, names, on }, { migration }) => {
      if (object !== "policy" || on === null) return null;
      const settled = migration.statements.some(({ actions }) =>
        actions.some(
          (action) =>
            (action.does === "create_policy" && sameName(action.table, on)) ||
            (action.does === "drop" && action.object === "table" && action.names.some((name) => sameName(name, on))),
        ),
      );
      const policy = names[0]!.name;
      return settled
        ? null
        : {
            message: `Policy ${policy} of ${shown(on)} is dropped: rows that only it let through vanish`,
            breaking: true,
            objects: [full(on, policy), full(on)],
          };
    },
  },
});
