import { EMPTY_HEAD } from "@change-mgmt/domain/audit/chain.ts";
import { userStream } from "@change-mgmt/domain/audit/entry.ts";
import { exportSeal } from "@change-mgmt/domain/audit/export.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import { z } from "zod";
import { newestSeal, sealAll, Unsealable } from "../../audit/sealer.ts";
import type { InstalledKey, Succession } from "../../audit/signing-key.ts";
import { defineCommand } from "../../commands/command.ts";
import { ID_KEY, pageOf, readCursor } from "../../commands/cursor.ts";
import type { Door } from "../../commands/execute.ts";
import type { Handlers } from "../../commands/handler.ts";
import { loadChange } from "../../storage/change-record.ts";
import type { Db } from "../../storage/store.ts";
import { recordAuditKey, shownKey } from "./audit-keys.ts";
import { exportPieces } from "./export-pieces.ts";
import { verifyStored } from "./verify-stored.ts";

const Query = z.object({
  what: z.enum(["list", "export", "checkpoint", "verify"]),
  filters: z.record(z.string(), z.unknown()),
  results: z.number().int(),
});

/** Writes down that somebody looked at the audit trail, what they asked for and how much they saw. */
const recordAuditQuery = defineCommand<z.output<typeof Query>, { ok: true }>({
  name: "audit.query",
  permission: "audit.read",
  input: Query,
  async run({ actor }, { what, filters, results }) {
    return accept({
      value: { ok: true as const },
      stream: userStream(actor.userId),
      events: [{ type: "audit.queried", details: { what, filters, results } }],
    });
  },
});

/** The audit trail over HTTP. A change's own timeline is part of the change; everything else is for those who may read the trail. */
export function auditRoutes({ db, door, key }: { db: Db; door: Door; key: InstalledKey }): Handlers {
  return {
    "audit.list": async ({ actor, query }) => {
      const permitted = checkPermission(actor, query.change === undefined ? "audit.read" : "change.read");
      if (!permitted.ok) return permitted;
      const after = readCursor(query.cursor, ID_KEY);
      if (!after.ok) return after;
      let select = db
        .selectFrom("audit_trail")
        .select(["id", "seq", "hash", "entry"])
        .orderBy("id", "desc")
        .limit(query.limit + 1);
      if (query.change !== undefined) {
        const found = await loadChange(db, query.change);
        if (!found.ok) return found;
        select = select.where("change_id", "=", found.value.id);
      }
      if (after.value !== undefined) select = select.where("id", "<", after.value);
      if (query.user !== undefined) select = select.where("actor", "=", query.user);
      if (query.event !== undefined) select = select.where("action", "=", query.event);
      if (query.from !== undefined) select = select.where("created_at", ">=", new Date(query.from));
      if (query.to !== undefined) select = select.where("created_at", "<=", new Date(query.to));
      const { items, nextCursor } = pageOf(await select.execute(), query.limit, (row) => row.id);
      if (query.change === undefined) {
        const { cursor: _cursor, ...filters } = query;
        const recorded = await door.execute(
          recordAuditQuery,
          { what: "list", filters, results: items.length },
          { actor },
        );
        if (!recorded.ok) return recorded;
      }
      return accept({
        nextCursor,
        items: items.map((row) => ({
          seq: row.seq === null ? null : Number(row.seq),
          hash: row.hash,
          entry: JSON.parse(row.entry) as Record<string, unknown>,
        })),
      });
    },
    "audit.export": async ({ actor }) => {
      const permitted = checkPermission(actor, "audit.export");
      if (!permitted.ok) return permitted;
      const recorded = await door.execute(recordAuditQuery, { what: "export", filters: {}, results: 0 }, { actor });
      if (!recorded.ok) return recorded;
      const sealed = await sealedNow(db, key);
      if (!sealed.ok) return sealed;
      const seal = await newestSeal(db);
      if (!seal) return nothingSealed();
      return accept({ pieces: exportPieces(db, seal), fileName: `audit-${seal.count}.jsonl` });
    },
    "audit.checkpoint": async ({ actor }) => {
      const permitted = checkPermission(actor, "audit.read");
      if (!permitted.ok) return permitted;
      const sealed = await sealedNow(db, key);
      if (!sealed.ok) return sealed;
      const seal = await newestSeal(db);
      return seal ? accept(JSON.parse(exportSeal(seal)) as Record<string, unknown>) : nothingSealed();
    },
    "audit.keys": async ({ actor }) => {
      const permitted = checkPermission(actor, "audit.read");
      if (!permitted.ok) return permitted;
      const keys = await db.selectFrom("audit_keys").selectAll().orderBy("created_at", "desc").execute();
      return accept({ items: keys.map(shownKey) });
    },
    "audit.rotateKey": async (request) => {
      const record = (succession?: Succession) =>
        door.execute(recordAuditKey, { how: "rotated", ...succession }, request);
      const permitted = checkPermission(request.actor, "audit.rotate-key");
      if (!permitted.ok) {
        // Nothing is done to the key for somebody who may not; the door records who asked.
        await record();
        return permitted;
      }
      const rotated = await key.rotate(record);
      if (!rotated.ok) return rotated;
      const row = await db.selectFrom("audit_keys").selectAll().where("key_id", "=", key.id).executeTakeFirstOrThrow();
      return accept(shownKey(row));
    },
    "audit.verify": async ({ actor }) => {
      const permitted = checkPermission(actor, "audit.read");
      if (!permitted.ok) return permitted;
      const sealed = await sealedNow(db, key);
      if (!sealed.ok) return accept({ ...sealed.refusal, ok: false });
      const verdict = await verifyStored(db);
      if (!verdict) return accept({ ok: true, count: EMPTY_HEAD.size });
      return accept({ ...verdict });
    },
  };
}

/** Seals what has committed. Refusal: ROW_ALTERED. */
async function sealedNow(db: Db, key: InstalledKey): Promise<Outcome<true>> {
  try {
    await sealAll(db, key);
    return accept(true);
  } catch (error) {
    if (!(error instanceof Unsealable)) throw error;
    return refuse(
      "ROW_ALTERED",
      error.message,
      "Somebody wrote into the table by another way than a command: compare the row with a backup, and find out who did.",
    );
  }
}

function nothingSealed(): Outcome<never> {
  return refuse(
    "NOTHING_SEALED",
    "The audit trail has no sealed entry yet.",
    "Entries are sealed a moment after they commit; try again.",
  );
}
