import type { Change, DomainEvent } from "@change-mgmt/domain/change/change.ts";
import { accept, type Refusal } from "@change-mgmt/domain/change/refusal.ts";
import type { Reading } from "@change-mgmt/domain/lifecycle/monitoring/reading.ts";
import {
  advanceWatch,
  OPEN_WATCHES,
  type Watch,
  type WatchState,
} from "@change-mgmt/domain/lifecycle/monitoring/watch.ts";
import { z } from "zod";
import type { Measured } from "../../assets/measures/measure.ts";
import { defineCommand } from "../../commands/command.ts";
import { loadChange } from "../../storage/change-record.ts";
import { json } from "../../storage/json.ts";
import type { Tx } from "../../storage/store.ts";

/** How each trigger of a watch is measured, and what is remembered for the next time. */
export type Measures = Readonly<Record<string, { readonly measure: unknown; readonly memory?: unknown }>>;

const Input = z.object({
  deployment: z.string(),
  evaluation: z.number().int(),
  /** By trigger; null: nothing was measured, since it was set off already. */
  measured: z.record(z.string(), z.custom<Measured>()).nullable(),
});

/**
 * Writes down one evaluation of a watch and what follows from it, once: what is told of it goes into the trail, what changes nothing does not. A
 * watch whose deployment is not what stands in its environment any more is over.
 */
export const recordEvaluation = defineCommand<z.output<typeof Input>, { state: WatchState | null }>({
  name: "watch.evaluate",
  permission: "engine.record",
  input: Input,
  async run({ tx, now }, { deployment, evaluation, measured }) {
    const held = await lockWatch(tx, deployment);
    if (held === undefined || !OPEN_WATCHES.has(held.row.state) || held.row.evaluated >= evaluation)
      return accept({ value: { state: null }, stream: held?.change.id ?? "workspace", events: [] });
    const { row, change } = held;
    const before = row.watch as Watch;
    const measures = row.measures as Measures;
    const stands = await tx
      .selectFrom("change_environments")
      .select(["state", "deployment_id"])
      .where("change_id", "=", row.change_id)
      .where("environment", "=", row.environment)
      .executeTakeFirst();
    const isThere = stands?.state === "deployed" && stands.deployment_id === deployment;
    const readings: Record<string, Reading> = Object.fromEntries(
      Object.entries(measured ?? {}).map(([trigger, { reading }]) => [trigger, reading]),
    );
    const advanced: { watch: Watch; events: readonly DomainEvent[] } = !isThere
      ? { watch: { ...before, state: "ended" }, events: [{ type: "watch.ended", details: { because: "taken-back" } }] }
      : measured === null
        ? { watch: before, events: [] }
        : advanceWatch(before, readings, now.toISOString());
    const { state } = advanced.watch;
    await tx
      .updateTable("deployment_watches")
      .set({
        state,
        watch: json<unknown>(advanced.watch),
        measures: json<unknown>(remembering(measures, measured ?? {})),
        evaluated: evaluation,
        ...(OPEN_WATCHES.has(state) ? {} : { ended_at: now }),
      })
      .where("deployment_id", "=", deployment)
      .execute();
    return accept({
      value: { state },
      stream: row.change_id,
      events: advanced.events.map(({ type, details }) => ({
        type,
        details: { deployment, environment: row.environment, ...details },
        change,
      })),
    });
  },
});

function remembering(measures: Measures, measured: Readonly<Record<string, Measured>>): Measures {
  return Object.fromEntries(
    Object.entries(measures).map(([trigger, known]) => {
      const memory = measured[trigger]?.memory ?? known.memory;
      return [trigger, { ...known, ...(memory === undefined ? {} : { memory }) }];
    }),
  );
}

const RefusedInput = z.object({ deployment: z.string(), refusal: z.custom<Refusal>() });

/** Keeps why a rollback that was set off cannot begin, and tells of it where that is another reason than before. */
export const keepRefusal = defineCommand<z.output<typeof RefusedInput>, { told: boolean }>({
  name: "watch.keep-refusal",
  permission: "engine.record",
  input: RefusedInput,
  async run({ tx }, { deployment, refusal }) {
    const held = await lockWatch(tx, deployment);
    const nothing = accept({ value: { told: false }, stream: held?.change.id ?? "workspace", events: [] });
    if (held === undefined || held.row.state !== "triggered") return nothing;
    const { row, change } = held;
    if ((row.refusal as Refusal | null)?.code === refusal.code) return nothing;
    await tx
      .updateTable("deployment_watches")
      .set({ refusal: json<unknown>(refusal) })
      .where("deployment_id", "=", deployment)
      .execute();
    const { code, message, hint } = refusal;
    const details = { deployment, environment: row.environment, code, message, hint };
    return accept({
      value: { told: true },
      stream: row.change_id,
      events: [{ type: "watch.rollback-refused", details, change }],
    });
  },
});

/** A watch with its change, both locked, the change first as in the door. */
async function lockWatch(tx: Tx, deployment: string) {
  const at = await tx
    .selectFrom("deployment_watches")
    .select("change_id")
    .where("deployment_id", "=", deployment)
    .executeTakeFirst();
  if (at === undefined) return undefined;
  await tx.selectFrom("change_requests").select("id").where("id", "=", at.change_id).forUpdate().execute();
  const row = await tx
    .selectFrom("deployment_watches")
    .selectAll()
    .where("deployment_id", "=", deployment)
    .forUpdate()
    .executeTakeFirst();
  const found = await loadChange(tx, at.change_id);
  if (row === undefined || !found.ok) return undefined;
  const change: Change = found.value;
  return { row, change };
}
