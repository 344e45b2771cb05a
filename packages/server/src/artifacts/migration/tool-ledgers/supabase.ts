import { literal } from "./literal.ts";
import type { ToolLedger } from "./tool-ledger.ts";

/** `supabase_migrations.schema_migrations`: a row a version, with name and statements. */
export const supabase: ToolLedger = {
  title: "Supabase",
  schema: "supabase_migrations",
  table: "schema_migrations",
  columns: ["version"],
  create: (table) => [
    "create schema if not exists supabase_migrations",
    `create table if not exists ${table} (version text not null primary key, statements text[], name text)`,
  ],
  widen: { statements: "text[]", name: "text" },
  keyOf: ({ version }) => version!,
  checksumsOf: () => null,
  select: (table) => `select version from ${table}`,
  interpret: (rows) => ({ rows: new Map(rows.map((row) => [String(row.version), null])), unfinished: [] }),
  insert: (table, { name, version, statements }) =>
    `insert into ${table} (version, statements, name) values (${literal(version)}, array[${statements.map(literal).join(", ")}]::text[], ${literal(name.replace(/^\d+_(.*)\.sql$/, "$1"))})`,
  remove: (table, { version }) => `delete from ${table} where version = ${literal(version)}`,
};
