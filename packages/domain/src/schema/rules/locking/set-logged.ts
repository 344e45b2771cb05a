import type { Name } from "../actions.ts";
import { shown } from "../migration.ts";
import { type At, defineRule, type Found } from "../rule.ts";

export const setLogged = defineRule({
  id: "set-logged",
  subject: "locking",
  severity: "error",
  title: "A table is written anew to change whether it is logged",
  why: "SET LOGGED and SET UNLOGGED copy the whole table and its indexes while nobody can read or write it.",
  instead: "Make a second table of the kind that is wanted, fill it in batches, and swap the names.",
  silent: "The table comes into being in the same migration.",
  bad: [
    { sql: "ALTER TABLE orders SET UNLOGGED" },
    { given: "CREATE UNLOGGED TABLE carts (id bigint PRIMARY KEY)", sql: "ALTER TABLE carts SET LOGGED" },
  ],
  good: [{ sql: "CREATE UNLOGGED TABLE carts (id bigint PRIMARY KEY);\nALTER TABLE carts SET LOGGED" }],
  on: { set_logged: ({ table }, at) => copied(table, at), set_unlogged: ({ table }, at) => copied(table, at) },
});

function copied(table: Name, { migration, statement }: At): Found | null {
  return migration.isNew(table, statement)
    ? null
    : { message: `${shown(table)} is written anew, and nobody reads or writes it meanwhile` };
}
