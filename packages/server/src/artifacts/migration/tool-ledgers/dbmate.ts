import { literal } from "./literal.ts";
import type { ToolLedger } from "./tool-ledger.ts";

/** `schema_migrations` of dbmate: a row a version. */
export const dbmate: ToolLedger = {
  title: "dbmate",
  table: "schema_migrations",
  columns: ["version"],
  create: (table) => [`create table if not exists ${table} (version varchar primary key)`],
  keyOf: ({ version }) => version!,
  checksumsOf: () => null,
  select: (table) => `select version from ${table}`,
  interpret: (rows) => ({ rows: new Map(rows.map((row) => [String(row.version), null])), unfinished: [] }),
  insert: (table, { version }) => `insert into ${table} (version) values (${literal(version)})`,
  remove: (table, { version }) => `delete from ${table} where version = ${literal(version)}`,
};
