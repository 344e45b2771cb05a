import type { ChangeSummary } from "@change-mgmt/api/changes.ts";
import type { DeploymentSummary, Overview } from "@change-mgmt/api/overview.ts";
import type { Change } from "@change-mgmt/domain/change/change.ts";
import type { Refusal } from "@change-mgmt/domain/change/refusal.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import type { Process } from "@change-mgmt/domain/process/process.ts";
import { stageOf } from "@change-mgmt/domain/process/transition.ts";
import { sql } from "kysely";
import type { z } from "zod";
import { loadChanges } from "../storage/change-record.ts";
import type { ProcessLibrary } from "../storage/process-record.ts";
import { loadSituations } from "../storage/situation-record.ts";
import type { Db } from "../storage/store.ts";
import { couldWaitFor, type StageUnderWay, stagesUnderWay } from "../storage/under-way-record.ts";
import { actsOf } from "./change-view.ts";
import { waitsFor } from "./waiting.ts";

type View = z.input<typeof Overview>;
type Summary = z.input<typeof ChangeSummary>;
type Deployed = z.input<typeof DeploymentSummary>;

/** So many of the changes that could wait for a person are looked through, those touched last first. */
const LOOKED_THROUGH = 200;
const PER_STAGE = 4;
const TROUBLES = 8;

/** What one person wants to know first, in a number of queries that does not grow with the number of changes. */
export async function readOverview(db: Db, processes: ProcessLibrary, actor: Actor, now: Date): Promise<View> {
  const running = await readDeployments(
    db,
    sql`d.state IN ('requested', 'running', 'waiting') ORDER BY d.id DESC LIMIT 50`,
  );
  const troubles = await readDeployments(
    db,
    sql`d.state IN ('failed', 'cancelled') OR (d.direction = 'rollback' AND d.state = 'succeeded')
      ORDER BY d.id DESC LIMIT ${TROUBLES}`,
  );
  const candidates = await couldWaitFor(db, actor, LOOKED_THROUGH + 1);
  const stages = await stagesUnderWay(db, PER_STAGE);
  const waiting = running.filter(({ summary }) => summary.step?.state === "waiting");
  const loaded = await loadChanges(db, [
    ...new Set([
      ...candidates.slice(0, LOOKED_THROUGH),
      ...stages.flatMap((stage) => stage.newest),
      ...waiting.map(({ changeId }) => changeId),
    ]),
  ]);
  const byId = new Map(loaded.map((change) => [change.id, change]));
  const pinned = new Map<string, Process>();
  for (const { process } of loaded) pinned.set(process.hash, await processes.pinned(db, process.hash));
  const processOf = (change: Change) => pinned.get(change.process.hash)!;
  const situationOf = await loadSituations(db, candidates.slice(0, LOOKED_THROUGH), now);

  const signOffs = checkPermission(actor, "deployment.sign-off").ok
    ? waiting.map(({ changeId, summary }): View["waitingForMe"][number] => {
        const change = byId.get(changeId)!;
        return {
          change: summaryOf(change, processOf(change)),
          act: "sign-off",
          reason: `The ${summary.direction === "deploy" ? "deployment to" : "rollback of"} ${summary.environment} waits until "${summary.step!.title}" is done and signed off.`,
          deployment: summary.id,
          dueAt: null,
          since: summary.startedAt ?? summary.requestedAt,
        };
      })
    : [];
  const acts = candidates.slice(0, LOOKED_THROUGH).flatMap((id): View["waitingForMe"] => {
    const change = byId.get(id);
    if (change === undefined) return [];
    const process = processOf(change);
    const situation = situationOf(id);
    const found = waitsFor(process, change, actsOf(process, change, situation, actor), actor, situation);
    return found === undefined
      ? []
      : [{ change: summaryOf(change, process), dueAt: null, ...found, deployment: null, since: change.updatedAt }];
  });
  return {
    waitingForMe: [...signOffs, ...acts],
    more: candidates.length > LOOKED_THROUGH,
    running: running.map(({ summary }) => summary),
    byStage: boardOf(stages, byId, processOf),
    troubles: troubles.map(({ summary }) => summary),
  };
}

function boardOf(
  rows: readonly StageUnderWay[],
  byId: ReadonlyMap<string, Change>,
  processOf: (change: Change) => Process,
): View["byStage"] {
  return rows
    .flatMap((row) => {
      const changes = row.newest.flatMap((id) => byId.get(id) ?? []);
      const first = changes[0];
      if (first === undefined) return [];
      const process = processOf(first);
      const stage = stageOf(process, row.stage);
      return [
        {
          place: process.stages.indexOf(stage),
          summary: {
            process: row.process,
            stage: stage.id,
            title: stage.title,
            status: stage.status,
            count: row.count,
            more: row.more,
            changes: changes.map((change) => summaryOf(change, processOf(change))),
          },
        },
      ];
    })
    .sort((a, b) => a.summary.process.localeCompare(b.summary.process) || a.place - b.place)
    .map(({ summary }) => summary);
}

function summaryOf(change: Change, process: Process): Summary {
  return {
    id: change.id,
    number: change.number,
    process: change.process.name,
    title: change.title,
    type: change.type,
    priority: change.priority,
    status: change.status,
    stage: change.stage,
    stageTitle: stageOf(process, change.stage).title,
    team: change.team,
    requester: change.requester,
    assignee: change.assignee,
    breaking: change.facts.breaking === true,
    version: change.version,
    createdAt: change.createdAt,
    updatedAt: change.updatedAt,
  };
}

interface Read {
  readonly changeId: string;
  readonly summary: Deployed;
}

async function readDeployments(db: Db, which: ReturnType<typeof sql>): Promise<Read[]> {
  const { rows } = await sql<DeploymentRow>`
    SELECT d.id, d.change_id, c.number, c.title, d.environment, d.direction, d.state, d.attempt, d.requested_by, d.requested_at, d.started_at,
      d.finished_at, d.target_state, d.refusal, steps.done, steps.in_all, step.id AS step_id, step.title AS step_title,
      step.state AS step_state, step.message AS step_message
    FROM change_mgmt.deployments d JOIN change_mgmt.change_requests c ON c.id = d.change_id
    LEFT JOIN LATERAL (
      SELECT count(*) FILTER (WHERE s.state = 'done')::int AS done, count(*)::int AS in_all
      FROM change_mgmt.deployment_steps s WHERE s.deployment_id = d.id) steps ON true
    LEFT JOIN LATERAL (
      SELECT s.step AS id, s.title, s.state, s.message FROM change_mgmt.deployment_steps s
      WHERE s.deployment_id = d.id AND s.state IN ('running', 'waiting', 'failed') ORDER BY s.position LIMIT 1) step ON true
    WHERE ${which}`.execute(db);
  return rows.map((row) => ({
    changeId: row.change_id,
    summary: {
      id: row.id,
      change: row.number,
      title: row.title,
      environment: row.environment,
      direction: row.direction,
      state: row.state,
      attempt: row.attempt,
      requestedBy: row.requested_by,
      requestedAt: row.requested_at.toISOString(),
      startedAt: row.started_at?.toISOString() ?? null,
      finishedAt: row.finished_at?.toISOString() ?? null,
      targetState: row.target_state,
      refusal: row.refusal,
      stepsDone: row.done,
      stepsInAll: row.in_all,
      step:
        row.step_id === null
          ? null
          : { id: row.step_id, title: row.step_title, state: row.step_state, message: row.step_message },
    },
  }));
}

interface DeploymentRow {
  readonly id: string;
  readonly change_id: string;
  readonly number: string;
  readonly title: string;
  readonly environment: string;
  readonly direction: Deployed["direction"];
  readonly state: Deployed["state"];
  readonly attempt: number;
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly target_state: string | null;
  readonly refusal: (Refusal & Record<string, unknown>) | null;
  readonly done: number;
  readonly in_all: number;
  readonly step_id: string | null;
  readonly step_title: string;
  readonly step_state: string;
  readonly step_message: string | null;
}
