import { relationIn, sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const viewPassesByRowSecurity = defineRule({
  id: "view-passes-by-row-security",
  subject: "security",
  severity: "warning",
  title: "A view passes by row security",
  why: "A view reads with the rights of its owner, who is mostly not bound by policies: whoever may read the view sees every row.",
  instead: "CREATE VIEW … WITH (security_invoker = true) (Postgres 15 and later).",
  silent:
    "No table that it reads is known to have row security and the schema is not served to everybody, or the view is temporary.",
  bad: [
    { sql: "CREATE VIEW adults AS SELECT id FROM users", exposed: true },
    {
      sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON orders USING (note = current_user);\nCREATE VIEW mine AS SELECT id FROM orders",
    },
  ],
  good: [
    { sql: "CREATE VIEW adults WITH (security_invoker = true) AS SELECT id FROM users", exposed: true },
    { sql: "CREATE VIEW adults AS SELECT id FROM users" },
    { sql: "CREATE TEMPORARY VIEW adults AS SELECT id FROM users", exposed: true },
  ],
  readsSchema: true,
  on: {
    create_view: ({ view, securityInvoker, temporary, reads }, { migration }) => {
      if (securityInvoker || temporary) return null;
      const guarded = reads.find(
        (table) =>
          (migration.after !== null && relationIn(migration.after, table)?.fields.rowSecurity === true) ||
          migration.statements.some(({ actions }) =>
            actions.some(
              (action) => action.does === "row_security" && action.set === "enable" && sameName(action.table, table),
            ),
          ),
      );
      if (guarded !== undefined)
        return { message: `Whoever may read ${shown(view)} passes by the policies of ${shown(guarded)}` };
      return migration.exposed && (view.schema ?? "public") === "public"
        ? { message: `Everybody who reads ${shown(view)} passes by the policies of what it reads` }
        : null;
    },
  },
});
