import type { Deployment } from "@change-mgmt/api/changes.ts";
import type { Refusal } from "@change-mgmt/domain/change/refusal.ts";
import type { Watch, WatchState } from "@change-mgmt/domain/lifecycle/monitoring/watch.ts";
import type { Selectable } from "kysely";
import type { z } from "zod";
import type { Tables } from "../../storage/tables.ts";

/** A watch as whoever reads its deployment sees it. */
export function watchView(
  row: Selectable<Tables["deployment_watches"]>,
): NonNullable<z.input<typeof Deployment>["watch"]> {
  const { failures, response, checks } = row.watch as Watch;
  const refusal = row.refusal as Refusal | null;
  return {
    state: row.state as WatchState,
    until: row.until.toISOString(),
    intervalSeconds: row.interval_seconds,
    failures,
    response,
    evaluations: row.evaluated,
    nextAt: row.ended_at === null ? row.next_at.toISOString() : null,
    checks: checks.map(({ trigger, failures: inARow, judged }) => ({
      trigger: trigger.id,
      title: trigger.title,
      failures: inARow,
      result: judged?.result ?? null,
      value: judged?.value ?? null,
      words: judged?.words ?? null,
      at: judged?.at ?? null,
    })),
    unmeasured: row.unmeasured,
    refusal: refusal === null ? null : { code: refusal.code, message: refusal.message, hint: refusal.hint },
    endedBy: row.ended_by,
    reason: row.reason,
  };
}
