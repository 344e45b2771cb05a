import type { ActionThat } from "../actions.ts";
import { shown } from "../migration.ts";
import { defineRule, type Found } from "../rule.ts";

export const policyCallsFunctionPerRow = defineRule({
  id: "policy-calls-function-per-row",
  subject: "security",
  severity: "info",
  title: "A policy asks who is there once for each row",
  why: "auth.uid(), auth.jwt() and current_setting() in a policy are worked out for every row that is looked at. In a sub-select they are worked out once.",
  instead: "Write (SELECT auth.uid()) instead of auth.uid().",
  bad: [
    {
      sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON orders USING (note = auth.uid()::text)",
    },
  ],
  good: [
    {
      sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON orders USING (note = (SELECT auth.uid())::text)",
    },
  ],
  on: { create_policy: perRow, alter_policy: perRow },
});

function perRow({ table, policy, using, check }: ActionThat<"create_policy" | "alter_policy">): Found | null {
  const calls = [using, check].flatMap((expression) => expression?.callsPerRow ?? []);
  const call = calls.find((each) => /^(?:auth\.\w+|current_setting)$/.test(each));
  return call === undefined ? null : { message: `Policy ${policy} of ${shown(table)} calls ${call}() for each row` };
}
