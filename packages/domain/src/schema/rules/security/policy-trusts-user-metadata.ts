import type { ActionThat } from "../actions.ts";
import { shown } from "../migration.ts";
import { defineRule, type Found } from "../rule.ts";

export const policyTrustsUserMetadata = defineRule({
  id: "policy-trusts-user-metadata",
  subject: "security",
  severity: "error",
  title: "A policy trusts what the user may change",
  why: "user_metadata in a token is written by the users themselves: whoever sets a role there has it.",
  instead: "app_metadata, which only the server writes, or a table of roles.",
  bad: [
    {
      sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\nCREATE POLICY admin ON orders USING ((auth.jwt() -> 'user_metadata' ->> 'role') = 'admin')",
    },
  ],
  good: [
    {
      sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\nCREATE POLICY admin ON orders USING ((auth.jwt() -> 'app_metadata' ->> 'role') = 'admin')",
    },
  ],
  on: { create_policy: trusting, alter_policy: trusting },
});

function trusting({ table, policy, using, check }: ActionThat<"create_policy" | "alter_policy">): Found | null {
  const texts = [using, check].flatMap((expression) => expression?.strings ?? []);
  return texts.some((text) => /user_metadata/.test(text))
    ? { message: `Policy ${policy} of ${shown(table)} decides by what users write about themselves` }
    : null;
}
