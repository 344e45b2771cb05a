import { accept } from "@change-mgmt/domain/change/refusal.ts";
import { ENGINE } from "@change-mgmt/domain/identity/permissions.ts";
import type { Watch } from "@change-mgmt/domain/lifecycle/monitoring/watch.ts";
import { z } from "zod";
import type { Measured } from "../../assets/measures/measure.ts";
import { defineCommand } from "../../commands/command.ts";
import type { Door } from "../../commands/execute.ts";
import type { EventHandler } from "../../outbox/handler.ts";
import { loadChange } from "../../storage/change-record.ts";
import { readJournal } from "../../storage/journal.ts";
import { json } from "../../storage/json.ts";
import { BASELINE, measuresOf } from "../deployment/baseline.ts";
import type { DeploymentPlan } from "../deployment/plan.ts";

const Input = z.object({ deployment: z.string() });

/**
 * Begins the watch that the process asks for after a deployment that succeeded; nothing where it asks for none, or where it was begun already.
 * What nothing measures in the environment is said by name; where that is all there is, the watch is over before it begins.
 */
export const beginWatch = defineCommand<z.output<typeof Input>, { begun: boolean }>({
  name: "watch.begin",
  permission: "engine.record",
  input: Input,
  async run({ tx, now }, { deployment }) {
    const row = await tx
      .selectFrom("deployments")
      .select(["change_id", "environment", "plan", "state"])
      .where("id", "=", deployment)
      .executeTakeFirst();
    const plan = row?.plan as DeploymentPlan | undefined;
    const asked = plan?.direction === "deploy" && row?.state === "succeeded" ? plan.watch : undefined;
    const found = row === undefined ? undefined : await loadChange(tx, row.change_id);
    const nothing = accept({ value: { begun: false }, stream: row?.change_id ?? "workspace", events: [] });
    if (!row || !plan || !asked || !found?.ok) return nothing;
    const configured = measuresOf(plan);
    const baseline = ((await readJournal(tx, deployment)).find(({ step }) => step === BASELINE)?.output ??
      {}) as Readonly<Record<string, Measured>>;
    const measured = asked.triggers.filter(({ id }) => id in configured);
    const unmeasured = asked.triggers.filter(({ id }) => !(id in configured)).map(({ title }) => title);
    const isOver = measured.length === 0;
    const until = new Date(now.getTime() + asked.minutes * 60_000);
    const watch: Watch = {
      state: isOver ? "ended" : "watching",
      until: until.toISOString(),
      failures: asked.failures,
      response: asked.response,
      checks: measured.map((trigger) => ({
        trigger,
        baseline: baseline[trigger.id]?.reading ?? null,
        atLeast: configured[trigger.id]!.atLeast,
        failures: 0,
        judged: null,
      })),
    };
    const inserted = await tx
      .insertInto("deployment_watches")
      .values({
        deployment_id: deployment,
        change_id: row.change_id,
        environment: row.environment,
        state: watch.state,
        watch: json<unknown>(watch),
        unmeasured,
        measures: json<unknown>(
          Object.fromEntries(measured.map(({ id }) => [id, { measure: configured[id], memory: baseline[id]?.memory }])),
        ),
        interval_seconds: asked.intervalSeconds,
        began_at: now,
        until,
        next_at: new Date(now.getTime() + asked.intervalSeconds * 1000),
        ended_at: isOver ? now : null,
        ended_by: null,
        reason: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning("deployment_id")
      .executeTakeFirst();
    if (inserted === undefined) return nothing;
    const details = { deployment, environment: row.environment };
    const events = [
      ...(unmeasured.length === 0 ? [] : [{ type: "watch.unmeasured", details: { ...details, triggers: unmeasured } }]),
      ...(isOver
        ? []
        : [
            {
              type: "watch.began",
              details: { ...details, triggers: measured.map(({ title }) => title), until: watch.until },
            },
          ]),
    ];
    return accept({
      value: { begun: true },
      stream: row.change_id,
      events: events.map((event) => ({ ...event, change: found.value })),
    });
  },
});

/** Begins watches when deployments succeed. */
export function watchDeployments(door: Door): EventHandler {
  return {
    name: "begin-watch",
    events: ["deployment.succeeded"],
    retries: 20,
    retryDelaySeconds: 2,
    concurrency: 2,
    async handle({ details }) {
      const begun = await door.execute(beginWatch, { deployment: String(details.deployment) }, { actor: ENGINE });
      if (!begun.ok) throw new Error(begun.refusal.message);
    },
  };
}
