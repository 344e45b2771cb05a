import { full, sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const rowSecurityWithoutPolicy = defineRule({
  id: "row-security-without-policy",
  subject: "security",
  severity: "warning",
  title: "Row security without a policy",
  why: "With row security on and no policy, everybody but the owner sees no row and writes none: what worked returns nothing, without an error.",
  instead: "CREATE POLICY in the same migration for each way in which the table is used.",
  silent:
    "The schema or the same migration has a policy for the table, or the table comes into being in the same migration.",
  bad: [{ sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY" }],
  good: [
    { sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON orders USING (note = current_user)" },
    {
      sql: "CREATE TABLE secrets (id bigint PRIMARY KEY);\nALTER TABLE secrets ENABLE ROW LEVEL SECURITY",
      note: "Nobody relied on it yet; shut is a safe beginning.",
    },
    { sql: "ALTER TABLE orders FORCE ROW LEVEL SECURITY" },
  ],
  harmless: [
    {
      given: "CREATE POLICY own ON orders USING (note = current_user)",
      sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
    },
  ],
  readsSchema: true,
  on: {
    row_security: ({ table, set }, { migration, statement }) => {
      if (set !== "enable" || migration.isNew(table, statement)) return null;
      const written = migration.statements.some(({ actions }) =>
        actions.some((action) => action.does === "create_policy" && sameName(action.table, table)),
      );
      const kept = Object.values(migration.after?.objects ?? {}).some(
        ({ kind, fields }) => kind === "policy" && fields.table === full(table),
      );
      return written || kept
        ? null
        : {
            message: `Nobody but its owner sees a row of ${shown(table)} any more`,
            breaking: true,
            objects: [full(table)],
          };
    },
  },
});
