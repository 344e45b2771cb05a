import { accept } from "@change-mgmt/domain/change/refusal.ts";
import { ENGINE } from "@change-mgmt/domain/identity/permissions.ts";
import { deadlinesOf, toldOf } from "@change-mgmt/domain/lifecycle/approval/deadline.ts";
import { z } from "zod";
import { defineCommand } from "../../commands/command.ts";
import type { Door } from "../../commands/execute.ts";
import { loadChange } from "../../storage/change-record.ts";
import { untoldDeadlines } from "../../storage/deadline-record.ts";
import { loadSituation } from "../../storage/situation-record.ts";
import type { Db } from "../../storage/store.ts";

const Input = z.object({ changeId: z.string(), requirement: z.string() });

/**
 * Tells of an approval that is due soon, or of one whose time is over, each once: what was told is written down with the event. Of one
 * whose time was over before anybody could be reminded only that is told. The change itself stays as it is, and so does its version.
 */
export const tellDeadline = defineCommand<z.output<typeof Input>, { told: string | null }>({
  name: "approval.tell-deadline",
  permission: "engine.record",
  input: Input,
  async run({ tx, now, processes }, { changeId, requirement }) {
    // In the order of the door: the change first, so that nobody votes meanwhile.
    await tx.selectFrom("change_requests").select("id").where("id", "=", changeId).forUpdate().execute();
    const row = await tx
      .selectFrom("approval_deadlines")
      .selectAll()
      .where("change_id", "=", changeId)
      .where("requirement", "=", requirement)
      .forUpdate()
      .executeTakeFirst();
    const nothing = accept({ value: { told: null }, stream: changeId, events: [] });
    const found = row === undefined ? undefined : await loadChange(tx, changeId);
    if (row === undefined || !found?.ok) return nothing;
    const change = found.value;
    const { people, holidays } = await loadSituation(tx, change, now);
    const process = await processes.pinned(tx, change.process.hash);
    const deadline = deadlinesOf(process, change, { people, holidays }).find((one) => one.requirement === requirement);
    const isOver = row.due_at <= now;
    if (deadline === undefined) {
      // Somebody who came or went has decided it: nobody waits any more, until the change is written again.
      await tx
        .deleteFrom("approval_deadlines")
        .where("change_id", "=", changeId)
        .where("requirement", "=", requirement)
        .execute();
      return nothing;
    }
    if ((isOver ? row.escalated_at : row.reminded_at) !== null || row.remind_at > now) return nothing;
    await tx
      .updateTable("approval_deadlines")
      .set({ reminded_at: row.reminded_at ?? now, ...(isOver ? { escalated_at: now } : {}) })
      .where("change_id", "=", changeId)
      .where("requirement", "=", requirement)
      .execute();
    const { title, environments, askedAt, dueAt, couldBeGivenBy, escalateTo } = deadline;
    const type = isOver ? "approval.overdue" : "approval.due-soon";
    const told = isOver ? toldOf(deadline, change, people) : couldBeGivenBy;
    return accept({
      value: { told: type },
      stream: changeId,
      events: [
        {
          type,
          details: {
            requirement,
            title,
            environments,
            askedAt,
            dueAt,
            couldBeGivenBy,
            ...(isOver && escalateTo !== undefined ? { escalateTo } : {}),
            told,
          },
          change,
        },
      ],
    });
  },
});

/** Tells of every deadline that it is time for. Of several processes that look at once one does. */
export async function tellDeadlines(db: Db, door: Door, now: Date): Promise<void> {
  for (const input of await untoldDeadlines(db, now)) await door.execute(tellDeadline, input, { actor: ENGINE });
}
