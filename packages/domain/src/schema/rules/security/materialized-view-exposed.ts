import { sameName, shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const materializedViewExposed = defineRule({
  id: "materialized-view-exposed",
  subject: "security",
  severity: "warning",
  title: "A materialized view that everybody can read",
  why: "Here the schema public is served to everybody through an API. Row security cannot be put on a materialized view: it keeps what its owner could read, and shows all of it.",
  instead: "Make it in a schema that is not served, or REVOKE ALL ON … FROM anon, authenticated in the same migration.",
  silent:
    "It is in another schema, the same migration takes reading it from everybody, or the project serves no schema to everybody.",
  bad: [
    { sql: "CREATE MATERIALIZED VIEW totals AS SELECT sum(total) FROM orders", exposed: true },
    {
      sql: "CREATE MATERIALIZED VIEW totals AS SELECT sum(total) FROM orders;\nREVOKE ALL ON users FROM anon, authenticated",
      exposed: true,
    },
    {
      sql: "CREATE MATERIALIZED VIEW totals AS SELECT sum(total) FROM orders;\nREVOKE ALL ON totals FROM authenticated",
      exposed: true,
    },
  ],
  good: [
    { sql: "CREATE MATERIALIZED VIEW totals AS SELECT sum(total) FROM orders" },
    {
      sql: "CREATE MATERIALIZED VIEW totals AS SELECT sum(total) FROM orders;\nREVOKE ALL ON totals FROM anon, authenticated",
      exposed: true,
    },
    {
      sql: "CREATE MATERIALIZED VIEW totals AS SELECT sum(total) FROM orders;\nREVOKE SELECT ON totals FROM anon, authenticated",
      exposed: true,
    },
    {
      given: "CREATE SCHEMA private",
      sql: "CREATE MATERIALIZED VIEW private.totals AS SELECT sum(total) FROM orders",
      exposed: true,
    },
  ],
  on: {
    create_materialized_view: ({ view }, { migration }) => {
      if (!migration.exposed || (view.schema ?? "public") !== "public") return null;
      const kept = migration.statements.some(({ actions }) =>
        actions.some(
          (action) =>
            action.does === "revoke" &&
            (action.privileges.length === 0 || action.privileges.includes("select")) &&
            action.grantees.includes("anon") &&
            action.names.some((name) => sameName(name, view)),
        ),
      );
      return kept ? null : { message: `Everybody reads all of ${shown(view)}` };
    },
  },
});
