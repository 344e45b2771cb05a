import { shown } from "../migration.ts";
import { defineRule } from "../rule.ts";

export const unloggedTable = defineRule({
  id: "unlogged-table",
  subject: "keys",
  severity: "warning",
  title: "A table that a crash empties",
  why: "An unlogged table is emptied when the server comes back from a crash, and replicas never see it.",
  instead: "Leave UNLOGGED out, unless its rows can be made again at any time.",
  bad: [{ sql: "CREATE UNLOGGED TABLE carts (id bigint PRIMARY KEY)" }, { sql: "ALTER TABLE orders SET UNLOGGED" }],
  good: [{ sql: "CREATE TABLE carts (id bigint PRIMARY KEY)" }],
  on: {
    create_table: ({ table, persistence }) =>
      persistence === "unlogged" ? { message: `${shown(table)} is empty after a crash, and not on replicas` } : null,
    set_unlogged: ({ table }) => ({
      message: `${shown(table)} is empty after a crash from now on, and not on replicas`,
    }),
  },
});
