import { basename } from "node:path/posix";
import { literal } from "./literal.ts";
import type { ToolLedger } from "./tool-ledger.ts";

const FILE_NAME = /^([0-9]+)_(.*)\.sql$/;

/** Version and name that the Supabase CLI gives a migration file; null when it would not take the file for one. */
export function supabaseVersion(fileName: string): { version: string; name: string } | null {
  const match = FILE_NAME.exec(basename(fileName));
  return match && { version: match[1]!, name: match[2]! };
}

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
    `insert into ${table} (version, statements, name) values (${literal(version)}, array[${statements.map(literal).join(", ")}]::text[], ${literal(supabaseVersion(name)!.name)})`,
  remove: (table, { version }) => `delete from ${table} where version = ${literal(version)}`,
};
