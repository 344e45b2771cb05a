import { ENGINE } from "@change-mgmt/domain/identity/permissions.ts";
import { OPEN_WATCHES } from "@change-mgmt/domain/lifecycle/monitoring/watch.ts";
import { sql } from "kysely";
import type { ConfiguredMeasure, Measure, Measured } from "../../assets/measures/measure.ts";
import type { Door } from "../../commands/execute.ts";
import { addToOutbox } from "../../outbox/add.ts";
import type { EventHandler } from "../../outbox/handler.ts";
import { crossing } from "../../storage/crossing.ts";
import type { Db } from "../../storage/store.ts";
import type { DeploymentPlan } from "../deployment/plan.ts";
import { keepRefusal, type Measures, recordEvaluation } from "./record-evaluation.ts";
import { rollBackSetOff } from "./roll-back-set-off.ts";

/** An evaluation that nobody has made for so long is asked for anew: its job was lost, or is among the dead letters. */
const LOST_AFTER = "10 minutes";

/**
 * Asks for an evaluation of every watch that it is time for. The next one is not asked for before this one was made, so that an outage leaves no
 * heap of evaluations that would be made at once and count as failures in a row.
 */
export async function askForEvaluations(db: Db, now: Date): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ deployment_id: string; change_id: string; asked: number }>`
      UPDATE change_mgmt.deployment_watches w
      SET asked = w.asked + 1, next_at = ${now}::timestamptz + w.interval_seconds * interval '1 second'
      FROM (SELECT deployment_id FROM change_mgmt.deployment_watches
        WHERE ended_at IS NULL AND next_at <= ${now}
          AND (asked = evaluated OR next_at <= ${now}::timestamptz - ${LOST_AFTER}::interval)
        ORDER BY next_at LIMIT 100 FOR UPDATE SKIP LOCKED) due
      WHERE w.deployment_id = due.deployment_id
      RETURNING w.deployment_id, w.change_id, w.asked`.execute(tx);
    await addToOutbox(
      tx,
      rows.map(({ deployment_id, change_id, asked }) => ({
        type: "watch.due",
        changeId: change_id,
        details: { deployment: deployment_id, evaluation: asked },
      })),
    );
  });
}

export interface WatchTools {
  readonly db: Db;
  readonly door: Door;
  readonly measure: Measure;
}

/** Makes the evaluations that are asked for, and rolls back what was set off, trying again at every interval where that cannot be yet. */
export function evaluateWatches({ db, door, measure }: WatchTools): EventHandler {
  return {
    name: "evaluate-watch",
    events: ["watch.due"],
    retries: 5,
    retryDelaySeconds: 2,
    concurrency: 4,
    async handle({ details, signal }) {
      const deployment = String(details.deployment);
      const evaluation = Number(details.evaluation);
      const row = await db
        .selectFrom("deployment_watches as w")
        .innerJoin("deployments as d", "d.id", "w.deployment_id")
        .select(["w.state", "w.measures", "w.asked", "w.evaluated", "w.change_id", "d.plan"])
        .where("w.deployment_id", "=", deployment)
        .executeTakeFirst();
      if (row === undefined || !OPEN_WATCHES.has(row.state)) return;
      let state: string = row.state;
      if (row.asked === evaluation && row.evaluated < evaluation) {
        const { environment } = row.plan as DeploymentPlan;
        const measured =
          state === "triggered"
            ? null
            : await crossing("watch.measure", () => measureAll(row.measures as Measures, measure, environment, signal));
        // What the end of this process has cut off says nothing; the job is taken up again.
        signal.throwIfAborted();
        const recorded = await door.execute(recordEvaluation, { deployment, evaluation, measured }, { actor: ENGINE });
        if (!recorded.ok) throw new Error(recorded.refusal.message);
        state = recorded.value.state ?? state;
      }
      if (state !== "triggered") return;
      const begun = await door.execute(rollBackSetOff, { id: row.change_id, deployment }, { actor: ENGINE });
      if (begun.ok || begun.refusal.code === "WATCH_ENDED") return;
      await door.execute(keepRefusal, { deployment, refusal: begun.refusal }, { actor: ENGINE });
    },
  };
}

async function measureAll(
  measures: Measures,
  measure: Measure,
  environment: DeploymentPlan["environment"],
  stop: AbortSignal,
): Promise<Record<string, Measured>> {
  const measured: Record<string, Measured> = {};
  for (const [trigger, { measure: configured, memory }] of Object.entries(measures)) {
    measured[trigger] = await measure(configured as ConfiguredMeasure, { environment, memory, stop });
  }
  return measured;
}
