import { WORKSPACE_STREAM } from "@change-mgmt/domain/audit/entry.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import { fromKysely, type PgBoss } from "pg-boss";
import { z } from "zod";
import { defineCommand } from "../commands/command.ts";
import type { Door } from "../commands/execute.ts";
import type { Handlers } from "../commands/handler.ts";
import type { Db } from "../storage/store.ts";
import { DEAD_LETTERS, type JobData } from "./queue.ts";

/** Work that failed for good, over HTTP: to be looked at, and to be sent again. */
export function deadLetterRoutes({ db, door, boss }: { db: Db; door: Door; boss: PgBoss }): Handlers {
  const resend = defineCommand<{ id: string }, { ok: true }>({
    name: "jobs.resend",
    permission: "operations.manage",
    input: z.object({ id: z.uuid() }),
    async run({ tx }, { id }) {
      const within = { db: fromKysely(tx as never) };
      const [job] = await boss.findJobs<JobData>(DEAD_LETTERS, { id, ...within });
      // Of two who send it again at once, one takes it out.
      const moved = await boss.redrive(DEAD_LETTERS, { ids: [id], ...within });
      if (job === undefined || moved === 0)
        return refuse(
          "NOT_FOUND",
          "There is no such dead letter.",
          "Look at the list; somebody may have sent it again already.",
        );
      return accept({
        value: { ok: true as const },
        stream: WORKSPACE_STREAM,
        events: [{ type: "job.resent", details: { handler: job.sourceName, event: job.data.event } }],
      });
    },
  });
  return {
    "jobs.dead": async ({ actor }) => {
      const permitted = checkPermission(actor, "operations.manage");
      if (!permitted.ok) return permitted;
      const jobs = await boss.findJobs<JobData>(DEAD_LETTERS, {});
      const ids = [...new Set(jobs.flatMap((job) => job.data.changeId ?? []))];
      const numbers =
        ids.length === 0
          ? []
          : await db.selectFrom("change_requests").select(["id", "number"]).where("id", "in", ids).execute();
      return accept({
        items: jobs.map((job) => ({
          id: job.id,
          handler: job.sourceName ?? "",
          event: job.data.event,
          change: numbers.find((row) => row.id === job.data.changeId)?.number ?? null,
          error: errorText(job.sourceOutput),
          at: job.createdOn.toISOString(),
          data: job.data.details,
        })),
      });
    },
    "jobs.resend": async ({ params, ...request }) => await door.execute(resend, params, request),
  };
}

function errorText(output: unknown): string {
  const message = (output as { message?: unknown } | null)?.message;
  return typeof message === "string" ? message : JSON.stringify(output ?? "");
}
