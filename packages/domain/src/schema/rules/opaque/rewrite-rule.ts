import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const rewriteRule = defineRule({
  id: "rewrite-rule",
  subject: "opaque",
  severity: "warning",
  title: "A rule that rewrites statements",
  why: "CREATE RULE changes what a statement means before it runs: expressions are worked out twice, RETURNING and row counts are wrong, COPY passes it by.",
  instead: "A trigger, or a view that can be written to.",
  bad: [{ sql: "CREATE RULE no_delete AS ON DELETE TO orders DO INSTEAD NOTHING" }],
  good: [
    {
      given: "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
      sql: "CREATE TRIGGER no_delete BEFORE DELETE ON orders FOR EACH ROW EXECUTE FUNCTION noted()",
    },
  ],
  on: {
    create_rule: ({ table, rule }) => ({ message: `Rule ${rule} changes what statements on ${shown(table)} mean` }),
  },
});
