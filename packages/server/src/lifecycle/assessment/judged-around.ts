import { isExposed } from "@change-mgmt/analysis/rehearsal/exposed.ts";
import type { RehearsalEngine, RehearsalMigration } from "@change-mgmt/analysis/rehearsal/report.ts";
import type { BaseMigration } from "./base-migrations.ts";

interface Written extends RehearsalMigration {
  readonly tool?: string | undefined;
}

/** Migrations with what the rules are told of them: the target's major version, and whether everybody reaches its tables through an API. */
export function judgedAround(
  migrations: readonly Written[],
  base: readonly BaseMigration[],
  { targetMajor = null }: RehearsalEngine,
): RehearsalMigration[] {
  const exposed = isExposed(
    migrations.map(({ tool }) => tool),
    [...migrations.map(({ up }) => up), ...base.map(({ sql }) => sql)],
  );
  return migrations.map(({ id, name, up, down, transactional }) => ({
    id,
    name,
    up,
    down,
    transactional,
    around: { exposed, targetMajor },
  }));
}
