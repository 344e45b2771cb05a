import type { PhasedPlan, PhaseMigration } from "@change-mgmt/analysis/expand-contract/phased-plan.ts";
import type { RehearsedPlan } from "@change-mgmt/analysis/expand-contract/plan-file.ts";
import type { EngineReport, MigrationReport, StatementReport } from "@change-mgmt/analysis/rehearsal/report.ts";

/** What `schema plan --json` answers; keys are stable. */
export interface PlanDocument {
  readonly file: string;
  /** True when nothing breaks, or a way was found and each of its migrations held in rehearsal. */
  readonly ok: boolean;
  readonly breaks: readonly string[];
  readonly reaches: PhasedPlan["reaches"];
  readonly obstacles: PhasedPlan["obstacles"];
  readonly engine: EngineReport | null;
  readonly migrations: readonly PlannedMigration[];
  readonly codeAfterwards: readonly string[];
}

export interface PlannedMigration extends PhaseMigration {
  /** The file it is written into with `--out`, without what tells up from down. */
  readonly name: string;
  readonly rehearsal: MigrationReport["rehearsal"];
  readonly statements: readonly StatementReport[];
}

/** Ways back that restored the schema. */
const RESTORED: ReadonlySet<string> = new Set(["exact", "column-order"]);

/** Puts a rehearsed plan into the words of the document; `stem` is what its files are called after. */
export function planDocument(file: string, stem: string, { plan, engine, reports }: RehearsedPlan): PlanDocument {
  const migrations = plan.migrations.map((migration, at) => ({
    name: `${stem}_${at + 1}_${migration.phase}`,
    ...migration,
    rehearsal: reports[at]!.rehearsal,
    statements: reports[at]!.statements,
  }));
  const held = migrations.every(({ rehearsal: { up, down } }) => up.outcome === "ok" && RESTORED.has(down.outcome));
  const { breaks, reaches, obstacles, codeAfterwards } = plan;
  return { file, ok: obstacles.length === 0 && held, breaks, reaches, obstacles, engine, migrations, codeAfterwards };
}
