import { WORKSPACE_STREAM } from "@change-mgmt/domain/audit/entry.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { checkNotHeld } from "@change-mgmt/domain/lifecycle/deployment/hold.ts";
import { z } from "zod";
import { defineCommand } from "../../commands/command.ts";
import { loadHold } from "../../storage/hold-record.ts";
import { loadOccupied } from "../../storage/situation-record.ts";

const Held = z.object({ reason: z.string() });

/** Holds deployments: none begins and none is taken up anywhere; what a worker has in hand goes on to its end. Refusal: DEPLOYMENTS_HELD. */
export const holdDeployments = defineCommand<z.output<typeof Held>, { ok: true }>({
  name: "hold.set",
  permission: "deployment.hold",
  input: Held,
  async run({ tx, actor, now }, { reason }) {
    const row = { id: 1, reason, held_by: actor.handle, since: now, untold: null };
    const inserted = await tx
      .insertInto("deployment_hold")
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .returning("id")
      .executeTakeFirst();
    const already = inserted ? accept(true) : checkNotHeld({ hold: await loadHold(tx) });
    if (!already.ok) return already;
    return accept({
      value: { ok: true as const },
      stream: WORKSPACE_STREAM,
      events: [{ type: "hold.set", details: { reason } }],
    });
  },
});

const Released = z.object({ note: z.string().optional() });

/** Releases what is held; each unfinished deployment is taken up by a worker. The trail names them. Refusal: NOT_HELD. */
export const releaseDeployments = defineCommand<z.output<typeof Released>, { ok: true }>({
  name: "hold.release",
  permission: "deployment.hold",
  input: Released,
  async run({ tx }, { note }) {
    const held = await tx.deleteFrom("deployment_hold").returning(["reason", "held_by", "since"]).executeTakeFirst();
    if (!held) return refuse("NOT_HELD", "Deployments are not held.", "Nothing needs to be released.");
    const unfinished = await loadOccupied(tx);
    const details = {
      reason: held.reason,
      by: held.held_by,
      since: held.since.toISOString(),
      note: note ?? null,
      unfinished: unfinished.map(({ deployment, change, environment }) => ({ deployment, change, environment })),
    };
    return accept({
      value: { ok: true as const },
      stream: WORKSPACE_STREAM,
      events: [{ type: "hold.released", details }],
    });
  },
});

/** Tells the audit trail of a restore that it does not tell of yet; otherwise does nothing. */
export const recordRestore = defineCommand<object, { ok: true }>({
  name: "store.restore",
  permission: "deployment.hold",
  input: z.object({}),
  async run({ tx }) {
    const row = await tx.selectFrom("deployment_hold").select("untold").forUpdate().executeTakeFirst();
    const untold = row?.untold as Record<string, unknown> | null | undefined;
    await tx.updateTable("deployment_hold").set({ untold: null }).execute();
    return accept({
      value: { ok: true as const },
      stream: WORKSPACE_STREAM,
      events: untold ? [{ type: "store.restored", details: untold }] : [],
    });
  },
});
