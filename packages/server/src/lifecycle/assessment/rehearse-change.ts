import { rehearse } from "@change-mgmt/analysis/rehearsal/rehearse.ts";
import type { DownReport, MigrationReport, RehearsalReport } from "@change-mgmt/analysis/rehearsal/report.ts";
import type { Change, MigrationArtifact } from "@change-mgmt/domain/change/change.ts";
import { FINAL_STATUSES } from "@change-mgmt/domain/change/status.ts";
import { ENGINE } from "@change-mgmt/domain/identity/permissions.ts";
import { migrations } from "@change-mgmt/domain/lifecycle/implementation/validation.ts";
import { sql } from "kysely";
import type { Door } from "../../commands/execute.ts";
import type { EventHandler } from "../../outbox/handler.ts";
import { loadChange } from "../../storage/change-record.ts";
import type { Db } from "../../storage/store.ts";
import { recordRehearsal } from "./record-rehearsal.ts";

export interface RehearsalTools {
  readonly db: Db;
  readonly door: Door;
  readonly cacheFolder: string;
}

interface BaseMigration {
  readonly name: string;
  readonly sql: string;
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
  const found = await loadChange(tools.db, changeId, false);
  if (!found.ok) throw new Error(found.refusal.message);
  const change = found.value;
  const own = migrations(change);
  if (own.length === 0 || FINAL_STATUSES.has(change.status)) return;
  if (!again && (await isRehearsed(tools.db, change, own))) return;
  const base = await baseMigrations(tools.db, change);
  const report = await rehearse({ base: base ?? [], migrations: own, cacheFolder: tools.cacheFolder });
  const results = report.migrations.map((migration) => judged(migration, report, base !== undefined));
  const recorded = await tools.door.execute(
    recordRehearsal,
    { id: change.id, contentHash: change.contentHash, results },
    { actor: ENGINE },
  );
  // Edited meanwhile: the edit has sent an event of its own.
  if (!recorded.ok && recorded.refusal.code !== "CONTENT_CHANGED") throw new Error(recorded.refusal.message);
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

/**
 * The migrations a change will find: the history the databases were built from, then what other changes have brought somewhere and was
 * not rolled back, in the order in which it came. Undefined while no history was handed in.
 */
async function baseMigrations(db: Db, change: Change): Promise<BaseMigration[] | undefined> {
  const row = await db
    .selectFrom("configurations")
    .select("history")
    .where("history", "is not", null)
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();
  if (!row) return undefined;
  const history = row.history as BaseMigration[];
  const names = new Set(history.map(({ name }) => name));
  const { rows } = await sql<{ artifacts: Change["artifacts"] }>`
    SELECT c.artifacts FROM change_mgmt.change_requests c
    JOIN (SELECT d.change_id, min(d.id::text) AS first FROM change_mgmt.deployments d
          JOIN change_mgmt.change_environments e ON e.change_id = d.change_id AND e.environment = d.environment AND e.state = 'deployed'
          WHERE d.direction = 'deploy' AND d.state = 'succeeded' GROUP BY d.change_id) f ON f.change_id = c.id
    WHERE c.id <> ${change.id} ORDER BY f.first`.execute(db);
  const deployed = rows.flatMap(({ artifacts }) => migrations({ artifacts })).filter(({ name }) => !names.has(name));
  return [...history, ...deployed.map(({ name, up }) => ({ name, sql: up }))];
}

function judged(migration: MigrationReport, report: RehearsalReport, baseKnown: boolean) {
  const { up, down } = migration.rehearsal;
  const unknownBase = up.outcome === "fails" && !baseKnown;
  const outcome =
    up.outcome === "ok"
      ? ("passed" as const)
      : up.outcome === "fails" && !unknownBase
        ? ("failed" as const)
        : ("not-rehearsable" as const);
  return {
    artifact: migration.id,
    outcome,
    report: {
      ...migration,
      engine: report.engine,
      rollback: down.outcome,
      breaking: migration.breaking,
      message: upWords(migration, unknownBase),
      rollbackMessage: downWords(down),
    },
  };
}

function upWords({ rehearsal: { up }, statements }: MigrationReport, unknownBase: boolean): string {
  if (unknownBase)
    return `It failed on an empty database (${up.reason}), and no history was imported to start on; \`config import\` hands it in.`;
  if (up.outcome !== "ok")
    return sentence(`${up.line === null ? "" : `line ${up.line}: `}${up.reason ?? "it could not be run"}`);
  return `${statements.length} statement${statements.length === 1 ? "" : "s"} ran.`;
}

function downWords(down: DownReport): string {
  const data = down.data === "differs" ? ` Data is lost on the way: ${down.dataReason}` : "";
  switch (down.outcome) {
    case "exact":
      return sentence(`Up and down again leave the schema as it was.${data}`);
    case "column-order":
      return sentence(`Up and down again leave the schema as it was but for the order of columns.${data}`);
    case "differs":
      return sentence(
        `The rollback leaves a difference: ${down.differences.map(({ detail, object }) => `${object}: ${detail}`).join("; ")}`,
      );
    case "fails":
      return sentence(`The rollback fails${down.line === null ? "" : ` in line ${down.line}`}: ${down.reason}`);
    case "not-rehearsable":
      return sentence(`The rollback could not be rehearsed: ${down.reason}`);
    case "absent":
      return "There is no rollback.";
  }
}

function sentence(text: string): string {
  return /[.!?:)]$/.test(text) ? text : `${text}.`;
}
