import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { locate } from "../check/locate.ts";
import { type ReadEntry, readEntry } from "../check/read-entry.ts";
import { rehearse } from "../rehearsal/rehearse.ts";
import type { BaseFile, EngineReport, MigrationReport } from "../rehearsal/report.ts";
import type { PhasedPlan } from "./phased-plan.ts";
import { planPhases } from "./plan-phases.ts";

/** A migration of a repository that is to be done in phases. */
export interface FilePlanRequest {
  readonly cwd: string;
  /** A file that a known tool applies. */
  readonly path: string;
  readonly cacheFolder: string;
  /** The target's major version, or null for the usual. */
  readonly major: number | null;
  readonly statementMs: number;
  readonly totalMs: number;
}

/** A plan and what rehearsing its migrations in their order showed; no rehearsal where there are none. */
export interface RehearsedPlan {
  readonly plan: PhasedPlan;
  readonly engine: EngineReport | null;
  /** One for each migration of the plan. */
  readonly reports: readonly MigrationReport[];
}

/**
 * Plans a migration file in phases, on the schema that the files before it make, and rehearses what comes of it. Refuses with what locate
 * and planPhases refuse.
 */
export async function planFile(request: FilePlanRequest): Promise<Outcome<RehearsedPlan>> {
  const located = await locate(request.cwd, [request.path]);
  if (!located.ok) return located;
  const [one] = located.value;
  if (one?.files === null || one === undefined) {
    const hint = "Name the file of one migration, such as db/migrations/0042_rename_nick.up.sql.";
    return refuse("NOT_A_MIGRATION", `${request.path} is a folder and not one migration.`, hint);
  }
  const { tree, history, files } = one;
  const base: BaseFile[] = [];
  for (const entry of history.entries) {
    const own = [entry.path, entry.down].some((path) => path !== null && files.has(tree.absolute(path)));
    const read = await readEntry(tree, history, entry, (path) => path);
    if (read.elsewhere && !own) continue;
    const why = read.blocked ?? read.broken?.reason ?? null;
    if (why !== null) return notBuilt(`${entry.path}: ${why}`);
    if (own) return planned(request, base, read);
    base.push(fileOf(read));
  }
  return notBuilt(`${request.path} is not among the migrations of its tool`);
}

async function planned(
  { cacheFolder, major, statementMs, totalMs }: FilePlanRequest,
  base: readonly BaseFile[],
  read: ReadEntry,
): Promise<Outcome<RehearsedPlan>> {
  const { name, up, transactional } = fileOf(read);
  const plan = await planPhases({ base, name, up, transactional, cacheFolder, major });
  if (!plan.ok) return plan;
  if (plan.value.migrations.length === 0) return accept({ plan: plan.value, engine: null, reports: [] });
  const { engine, migrations } = await rehearse({
    base,
    migrations: plan.value.migrations.map((migration, at) => ({
      id: String(at),
      name: migration.phase,
      up: migration.up,
      down: migration.down,
      transactional: migration.transactional,
    })),
    cacheFolder,
    engine: { targetMajor: major },
    limits: { statementMs, totalMs },
  });
  return accept({ plan: plan.value, engine, reports: migrations });
}

function fileOf({ entry, parts, transactional }: ReadEntry) {
  const { section, read } = parts!.up;
  return { name: entry.name, up: read.ok ? read.value.text : "", upLine: section.line, transactional };
}

function notBuilt(reason: string): Outcome<never> {
  const hint = "Correct what it names; the plan begins with the schema that the migrations before it make.";
  return refuse("SCHEMA_NOT_BUILT", `The schema could not be built: ${reason}.`, hint);
}
