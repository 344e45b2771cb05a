import type { ActionThat, Name } from "../actions.ts";
import type { StatementFacts } from "../facts.ts";
import { type Migration, sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const policiesAddUp = defineRule({
  id: "policies-add-up",
  subject: "security",
  severity: "info",
  title: "Several permissive policies for the same act",
  why: "A row passes when one permissive policy lets it, so that a second one never narrows the first; and each is worked out for every row.",
  instead: "One policy with OR in it; AS RESTRICTIVE for what has to hold as well.",
  silent:
    "They are for different acts or roles, one of them is restrictive, or an earlier statement dropped the other.",
  bad: [
    {
      sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON orders FOR SELECT USING (note = current_user);\nCREATE POLICY open ON orders FOR SELECT USING (status = 'open')",
    },
    {
      sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON orders USING (note = current_user);\nCREATE POLICY read_open ON orders FOR SELECT TO anon USING (status = 'open')",
    },
  ],
  good: [
    {
      sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON orders FOR SELECT USING (note = current_user);\nCREATE POLICY new ON orders FOR INSERT WITH CHECK (note = current_user)",
    },
    {
      sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON orders FOR SELECT TO anon USING (note = current_user);\nCREATE POLICY app ON orders FOR SELECT TO app USING (status = 'open')",
    },
    {
      sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON orders USING (note = current_user);\nCREATE POLICY open ON orders AS RESTRICTIVE USING (status = 'open')",
    },
    {
      sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON orders USING (note = current_user);\nDROP POLICY own ON orders;\nCREATE POLICY own ON orders USING (status = 'open')",
    },
  ],
  on: {
    create_policy: (policy, { migration, statement }) => {
      if (!policy.permissive) return null;
      const { table } = policy;
      const other = standingBefore(migration, table, statement).find(
        ({ command, roles }) =>
          (command === "all" || policy.command === "all" || command === policy.command) &&
          (roles.includes("public") || policy.roles.some((role) => role === "public" || roles.includes(role))),
      );
      return other === undefined
        ? null
        : { message: `A row of ${shown(table)} passes by ${other.policy} or by ${policy.policy}, whichever lets it` };
    },
  },
});

/** The permissive policies that the migration gave a table before a statement and has not dropped again. */
function standingBefore({ statements }: Migration, table: Name, { index }: StatementFacts) {
  const standing = new Map<string, ActionThat<"create_policy">>();
  for (const action of statements.filter((one) => one.index < index).flatMap(({ actions }) => actions)) {
    if (action.does === "create_policy" && action.permissive && sameName(action.table, table))
      standing.set(action.policy, action);
    else if (action.does === "drop" && action.object === "policy" && action.on !== null && sameName(action.on, table))
      for (const { name } of action.names) standing.delete(name);
  }
  return [...standing.values()];
}
