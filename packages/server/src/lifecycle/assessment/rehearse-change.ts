import { isDeepStrictEqual } from "node:util";
import { rehearse } from "@change-mgmt/analysis/rehearsal/rehearse.ts";
import type { RehearsalEngine } from "@change-mgmt/analysis/rehearsal/report.ts";
import type { Change, MigrationArtifact } from "@change-mgmt/domain/change/change.ts";
import { FINAL_STATUSES } from "@change-mgmt/domain/change/status.ts";
import { ENGINE } from "@change-mgmt/domain/identity/permissions.ts";
import { migrations } from "@change-mgmt/domain/lifecycle/implementation/validation.ts";
import type { Targets } from "../../assets/databases/target.ts";
import type { Door } from "../../commands/execute.ts";
import type { EventHandler } from "../../outbox/handler.ts";
import { loadChange } from "../../storage/change-record.ts";
import type { Db } from "../../storage/store.ts";
import { baseMigrations } from "./base-migrations.ts";
import { judgedAround } from "./judged-around.ts";
import { lookAtTargets, previewOf } from "./on-targets.ts";
import { recordRehearsal } from "./record-rehearsal.ts";
import { judgedMigration } from "./rehearsal-words.ts";

export interface RehearsalTools {
  readonly db: Db;
  readonly door: Door;
  readonly targets: Targets;
  readonly cacheFolder: string;
  /** What rehearsals run on now. */
  readonly engine: () => Promise<RehearsalEngine>;
}

/** Events after which a migration may find what it missed: the base has become another one. */
const NEW_BASE: readonly string[] = ["config.imported", "deployment.succeeded"];

/**
 * Rehearses the migrations of a change whenever its content is new, before anybody votes on it; and again what did not pass, when there is
 * more to start on than there was.
 */
export function rehearseChange(tools: RehearsalTools): EventHandler {
  return {
    name: "rehearse-change",
    events: ["change.created", "change.edited", ...NEW_BASE],
    retries: 3,
    retryDelaySeconds: 5,
    concurrency: 1,
    async handle({ event, changeId, signal }) {
      if (!NEW_BASE.includes(event)) return changeId === null ? undefined : await rehearseOne(tools, changeId, false);
      for (const id of await notPassed(tools.db)) {
        signal.throwIfAborted();
        await rehearseOne(tools, id, true);
      }
    },
  };
}

async function rehearseOne(tools: RehearsalTools, changeId: string, again: boolean): Promise<void> {
  const found = await loadChange(tools.db, changeId);
  // It was removed with the sample while this waited.
  if (!found.ok) return;
  const change = found.value;
  const own = migrations(change);
  if (own.length === 0 || FINAL_STATUSES.has(change.status)) return;
  if (!again && (await isRehearsed(tools.db, change, own))) return;
  const base = await baseMigrations(tools.db, change.id);
  const engine = await tools.engine();
  const judged = judgedAround(own, base ?? [], engine);
  const report = await rehearse({ base: base ?? [], migrations: judged, cacheFolder: tools.cacheFolder, engine });
  const results = report.migrations.map((migration) => judgedMigration(migration, report, base !== undefined));
  // Nothing new came of it: the change stays as whoever reads or edits it has it, and its history says it once.
  if (again && (await saidSame(tools.db, change, results))) return;
  const targets = await targetsOf(tools, change, results);
  const recorded = await tools.door.execute(
    recordRehearsal,
    { id: change.id, contentHash: change.contentHash, results, targets },
    { actor: ENGINE },
  );
  // Edited meanwhile: the edit has sent an event of its own.
  if (!recorded.ok && recorded.refusal.code !== "CONTENT_CHANGED") throw new Error(recorded.refusal.message);
}

/** What the rehearsed migrations come to on the databases of the change's environments. */
async function targetsOf(
  { db, targets }: RehearsalTools,
  change: Change,
  results: readonly ReturnType<typeof judgedMigration>[],
) {
  const migrations = results.map(({ artifact, report }) => ({ ...report, artifact }));
  const rows = await lookAtTargets(db, targets, change.environments, migrations);
  return rows.map(({ environment, looked }) => {
    const { rewrittenBytes, blockedSeconds } = previewOf(environment, looked, migrations);
    const found = looked.ok ? { look: looked.value, refusal: null } : { look: null, refusal: looked.refusal };
    return { environment, rewrittenBytes, blockedSeconds, ...found };
  });
}

/** Changes that are not over, are nowhere yet, and whose content, as it is now, was rehearsed without passing. */
async function notPassed(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom("change_requests as c")
    .innerJoin("rehearsals as r", (join) =>
      join.onRef("r.change_id", "=", "c.id").onRef("r.content_hash", "=", "c.content_hash"),
    )
    .select("c.id")
    .distinct()
    .where("r.outcome", "<>", "passed")
    .where("c.status", "not in", [...FINAL_STATUSES])
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("change_environments as e")
            .select("e.change_id")
            .whereRef("e.change_id", "=", "c.id")
            .where("e.state", "not in", ["not-deployed", "rolled-back"]),
        ),
      ),
    )
    .orderBy("c.id")
    .execute();
  return rows.map(({ id }) => id);
}

async function isRehearsed(db: Db, change: Change, own: readonly MigrationArtifact[]): Promise<boolean> {
  const rows = await db
    .selectFrom("rehearsals")
    .select("artifact")
    .where("change_id", "=", change.id)
    .where("content_hash", "=", change.contentHash)
    .execute();
  return own.every(({ id }) => rows.some((row) => row.artifact === id));
}

/** Whether each migration came to the same end, in the same words and breaking the same, when this content was rehearsed last. */
async function saidSame(
  db: Db,
  change: Change,
  results: readonly ReturnType<typeof judgedMigration>[],
): Promise<boolean> {
  const rows = await db
    .selectFrom("rehearsals")
    .select(["artifact", "outcome", "report"])
    .where("change_id", "=", change.id)
    .where("content_hash", "=", change.contentHash)
    .execute();
  return results.every(({ artifact, outcome, report }) => {
    const before = rows.find((row) => row.artifact === artifact);
    const said = before?.report as Partial<typeof report> | undefined;
    return (
      before?.outcome === outcome &&
      said?.rollback === report.rollback &&
      said.message === report.message &&
      said.rollbackMessage === report.rollbackMessage &&
      isDeepStrictEqual(said.breaking, JSON.parse(JSON.stringify(report.breaking)))
    );
  });
}
