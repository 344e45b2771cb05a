import type { RehearsalEngine, RehearsalMigration } from "@change-mgmt/analysis/rehearsal/report.ts";
import { expectsSupabase } from "@change-mgmt/analysis/rehearsal/supabase.ts";
import { EXPOSED_TOOLS } from "@change-mgmt/analysis/sql/migration-tool.ts";
import type { BaseMigration } from "./base-migrations.ts";

interface Written extends RehearsalMigration {
  readonly tool?: string | undefined;
}

/**
 * Migrations with what the rules are told of them: the target's major version, and whether everybody reaches its tables through an API,
 * which one knows from their tool, or from a history that expects what Supabase prepares.
 */
export function judgedAround(
  migrations: readonly Written[],
  base: readonly BaseMigration[],
  { targetMajor = null }: RehearsalEngine,
): RehearsalMigration[] {
  const tools: ReadonlySet<string> = EXPOSED_TOOLS;
  const exposed =
    migrations.some(({ tool, up }) => (tool !== undefined && tools.has(tool)) || expectsSupabase(up)) ||
    base.some(({ sql }) => expectsSupabase(sql));
  return migrations.map(({ id, name, up, down, transactional }) => ({
    id,
    name,
    up,
    down,
    transactional,
    around: { exposed, targetMajor },
  }));
}
