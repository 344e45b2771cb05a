import { basename } from "node:path/posix";
import type { TargetSession } from "../../assets/databases/target.ts";
import type { MigrationWork } from "./migration-work.ts";

const FILE_NAME = /^([0-9]+)_(.*)\.sql$/;

/** Version and name that the Supabase CLI gives a migration file; null when it would not take the file for one. */
export function supabaseVersion(fileName: string): { version: string; name: string } | null {
  const match = FILE_NAME.exec(basename(fileName));
  return match && { version: match[1]!, name: match[2]! };
}

/** Whether Supabase's own ledger says that the file is applied. */
export async function isInSupabaseLedger(session: TargetSession, work: MigrationWork): Promise<boolean> {
  const { rows } = await session.query(
    "select pg_catalog.to_regclass('supabase_migrations.schema_migrations') is not null as there",
  );
  if (!rows[0]!.there) return false;
  const found = await session.query("select 1 from supabase_migrations.schema_migrations where version = $1", [
    supabaseVersion(work.artifact.name)!.version,
  ]);
  return found.rows.length > 0;
}

/**
 * Writes or takes away the row by which `supabase db push` knows the file; to be called inside the migration's transaction.
 * Makes schema and table in the form the Supabase CLI gives them where they are missing.
 */
export async function keepSupabaseLedger(session: TargetSession, work: MigrationWork): Promise<void> {
  const { version, name } = supabaseVersion(work.artifact.name)!;
  await session.query("create schema if not exists supabase_migrations");
  await session.query(
    "create table if not exists supabase_migrations.schema_migrations (version text not null primary key)",
  );
  const { rows } = await session.query(
    "select attname::text as name from pg_catalog.pg_attribute where attrelid = 'supabase_migrations.schema_migrations'::regclass and attnum > 0 and not attisdropped",
  );
  const columns = new Set(rows.map((row) => row.name));
  // Asked first, because ADD COLUMN takes the strongest lock even where IF NOT EXISTS finds nothing to do.
  for (const [column, type] of [
    ["statements", "text[]"],
    ["name", "text"],
  ] as const) {
    if (!columns.has(column)) {
      await session.query(
        `alter table supabase_migrations.schema_migrations add column if not exists ${column} ${type}`,
      );
    }
  }
  if (work.direction === "rollback") {
    await session.query("delete from supabase_migrations.schema_migrations where version = $1", [version]);
    return;
  }
  await session.query(
    "insert into supabase_migrations.schema_migrations (version, statements, name) values ($1, $2::text[], $3)",
    [version, work.statements.map((statement) => statement.text), name],
  );
}
