import { defineRule } from "../rule.ts";

export const publishAllTables = defineRule({
  id: "publish-all-tables",
  subject: "opaque",
  severity: "warning",
  title: "Every table is published",
  why: "FOR ALL TABLES takes in every table to come, also those without a primary key: their updates and deletes then fail. It takes a superuser.",
  instead: "FOR TABLE … by name, or FOR TABLES IN SCHEMA.",
  bad: [{ sql: "CREATE PUBLICATION everything FOR ALL TABLES" }],
  good: [{ sql: "CREATE PUBLICATION sales FOR TABLE orders" }],
  on: {
    publish_all_tables: ({ publication }) => ({ message: `${publication} publishes every table, also those to come` }),
  },
});
