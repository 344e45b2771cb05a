import { Schedule, Unschedule } from "@change-mgmt/api/changes.ts";
import { accept, type Outcome, type Refusal, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { ENGINE } from "@change-mgmt/domain/identity/permissions.ts";
import { decideSchedule } from "@change-mgmt/domain/lifecycle/deployment/schedule.ts";
import { z } from "zod";
import { defineChangeCommand, defineCommand } from "../../commands/command.ts";
import type { Door } from "../../commands/execute.ts";
import { loadActor } from "../../identity/actors.ts";
import { loadChange } from "../../storage/change-record.ts";
import { newId } from "../../storage/ids.ts";
import { json } from "../../storage/json.ts";
import type { Db } from "../../storage/store.ts";
import { requestDeployment } from "./request-deployment.ts";

const ScheduleInput = Schedule.extend({ id: z.string() });

/** Puts a deployment down for a moment to come. It begins then in the name of whoever did, with the rights they have by then. */
export const scheduleDeployment = defineChangeCommand<z.output<typeof ScheduleInput>, { id: string }>({
  name: "change.schedule",
  permission: "change.deploy",
  duty: "deploy",
  input: ScheduleInput,
  async run({ tx, change, process, situation, actor, now }, { environment, at }) {
    const decided = decideSchedule({ process, change, situation }, environment, at);
    if (!decided.ok) return decided;
    const schedule = newId();
    await tx
      .insertInto("scheduled_deployments")
      .values({
        id: schedule,
        change_id: change.id,
        environment,
        at: new Date(decided.value.at),
        content_hash: change.contentHash,
        scheduled_by: actor.handle,
        created_at: now,
        state: "waiting",
        ended_at: null,
        refusal: null,
      })
      .execute();
    const details = { schedule, environment, at: decided.value.at, contentHash: change.contentHash };
    return accept({ change, events: [{ type: "deployment.scheduled", details }], value: { id: change.id } });
  },
});

const UnscheduleInput = Unschedule.extend({ id: z.string() });

/** Takes back what was put down and has not begun. */
export const unscheduleDeployment = defineChangeCommand<z.output<typeof UnscheduleInput>, { id: string }>({
  name: "change.unschedule",
  permission: "change.deploy",
  input: UnscheduleInput,
  async run({ tx, change, now }, { environment }) {
    const row = await tx
      .updateTable("scheduled_deployments")
      .set({ state: "withdrawn", ended_at: now })
      .where("change_id", "=", change.id)
      .where("environment", "=", environment)
      .where("state", "=", "waiting")
      .returning("id")
      .executeTakeFirst();
    if (row === undefined) {
      return refuse(
        "NOT_SCHEDULED",
        `No deployment of ${change.number} to ${environment} is put down.`,
        "There is nothing to take back.",
      );
    }
    const details = { schedule: row.id, environment };
    return accept({ change, events: [{ type: "deployment.unscheduled", details }], value: { id: change.id } });
  },
});

const EndInput = z.object({ schedule: z.string(), refusal: z.custom<Refusal>().nullable() });

/** Writes down what became of a scheduled deployment when its moment had come. */
export const endSchedule = defineCommand<z.output<typeof EndInput>, { id: string }>({
  name: "deployment.end-schedule",
  permission: "engine.record",
  input: EndInput,
  async run({ tx, now }, { schedule, refusal }) {
    const row = await tx
      .updateTable("scheduled_deployments")
      .set({
        state: refusal === null ? "begun" : "refused",
        ended_at: now,
        refusal: refusal === null ? null : json<unknown>(refusal),
      })
      .where("id", "=", schedule)
      .where("state", "=", "waiting")
      .returning(["change_id", "environment", "scheduled_by"])
      .executeTakeFirst();
    const found = row === undefined ? undefined : await loadChange(tx, row.change_id);
    if (row === undefined || !found?.ok) return accept({ value: { id: schedule }, stream: "workspace", events: [] });
    const details = {
      schedule,
      environment: row.environment,
      scheduledBy: row.scheduled_by,
      ...(refusal === null ? {} : { code: refusal.code, message: refusal.message }),
    };
    const type = refusal === null ? "deployment.schedule-begun" : "deployment.schedule-refused";
    return accept({ value: { id: schedule }, stream: row.change_id, events: [{ type, details, change: found.value }] });
  },
});

/** Begins what was put down for a moment that has come, through the very command that people use; a crash between lets it begin once all the same. */
export async function beginScheduled(db: Db, door: Door, now: Date): Promise<void> {
  const due = await db
    .selectFrom("scheduled_deployments")
    .selectAll()
    .where("state", "=", "waiting")
    .where("at", "<=", now)
    .orderBy("at")
    .limit(50)
    .execute();
  for (const row of due) {
    const begun = await begin(db, door, row);
    const refusal = begun.ok ? null : begun.refusal;
    await door.execute(endSchedule, { schedule: row.id, refusal }, { actor: ENGINE });
  }
}

async function begin(
  db: Db,
  door: Door,
  row: { id: string; change_id: string; environment: string; content_hash: string; scheduled_by: string },
): Promise<Outcome<unknown>> {
  const actor = await loadActor(db, row.scheduled_by);
  if (actor === undefined) {
    return refuse("PERSON_UNKNOWN", `${row.scheduled_by} is not here any more.`, "Somebody else puts it down anew.");
  }
  const found = await loadChange(db, row.change_id);
  if (!found.ok) return found;
  if (found.value.contentHash !== row.content_hash) {
    return refuse(
      "CONTENT_CHANGED",
      "The change was edited after its deployment was put down.",
      "Look at it again and put it down anew.",
    );
  }
  const input = { id: row.change_id, environment: row.environment };
  return await door.execute(requestDeployment, input, { actor, idempotencyKey: `schedule-${row.id}` });
}
