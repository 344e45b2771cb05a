import { hash } from "node:crypto";
import { EMPTY_HEAD } from "@change-mgmt/domain/audit/chain.ts";
import { NO_HASH, userStream } from "@change-mgmt/domain/audit/entry.ts";
import { exportHeader, exportLine, exportSeal } from "@change-mgmt/domain/audit/export.ts";
import type { Seal } from "@change-mgmt/domain/audit/seal.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import { verifyExport } from "@change-mgmt/domain/verify/verify-export.ts";
import { z } from "zod";
import { newestSeal, sealAll } from "../../audit/sealer.ts";
import { type SigningKey, verifySignature } from "../../audit/signing-key.ts";
import { defineCommand } from "../../commands/command.ts";
import { ID_KEY, pageOf, readCursor } from "../../commands/cursor.ts";
import type { Door } from "../../commands/execute.ts";
import type { Handlers } from "../../commands/handler.ts";
import { loadChange } from "../../storage/change-record.ts";
import type { Db } from "../../storage/store.ts";

const BATCH = 500;

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
export function auditRoutes({ db, door, key }: { db: Db; door: Door; key: SigningKey }): Handlers {
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
        const found = await loadChange(db, query.change, false);
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
      await sealAll(db, key);
      const seal = await newestSeal(db);
      if (!seal) return nothingSealed();
      return accept({ pieces: exportPieces(db, seal), fileName: `audit-${seal.count}.jsonl` });
    },
    "audit.checkpoint": async ({ actor }) => {
      const permitted = checkPermission(actor, "audit.read");
      if (!permitted.ok) return permitted;
      await sealAll(db, key);
      const seal = await newestSeal(db);
      return seal ? accept(JSON.parse(exportSeal(seal)) as Record<string, unknown>) : nothingSealed();
    },
    "audit.keys": async ({ actor }) => {
      const permitted = checkPermission(actor, "audit.read");
      if (!permitted.ok) return permitted;
      const keys = await db.selectFrom("audit_keys").selectAll().orderBy("created_at", "desc").execute();
      return accept({
        items: keys.map((row) => ({
          keyId: row.key_id,
          publicKey: row.public_key,
          createdAt: row.created_at.toISOString(),
        })),
      });
    },
    "audit.verify": async ({ actor }) => {
      const permitted = checkPermission(actor, "audit.read");
      if (!permitted.ok) return permitted;
      await sealAll(db, key);
      const seal = await newestSeal(db);
      if (!seal) return accept({ ok: true, count: EMPTY_HEAD.size });
      const keys = await db.selectFrom("audit_keys").selectAll().execute();
      const verdict = await verifyExport(lines(exportPieces(db, seal)), {
        publicKeys: Object.fromEntries(keys.map((row) => [row.key_id, row.public_key])),
        verifySignature,
        sha256: (bytes) => hash("sha256", bytes),
        thorough: true,
      });
      return accept({ ...verdict });
    },
  };
}

function nothingSealed(): Outcome<never> {
  return refuse(
    "NOTHING_SEALED",
    "The audit trail has no sealed entry yet.",
    "Entries are sealed a moment after they commit; try again.",
  );
}

/** An export as text pieces: the header, each sealed entry as it is stored, and the seal; read in batches, so memory stays small. */
export async function* exportPieces(db: Db, seal: Seal): AsyncGenerator<string> {
  yield `${exportHeader(seal)}\n`;
  let before = NO_HASH;
  for (let from = 0; from < seal.count; ) {
    const rows = await db
      .selectFrom("audit_trail")
      .select(["seq", "prev", "chain", "hash", "entry"])
      .where("seq", ">", String(from))
      .where("seq", "<=", String(seal.count))
      .orderBy("seq")
      .limit(BATCH)
      .execute();
    if (rows.length === 0) break;
    yield rows
      .map((row) => {
        // Entries sealed in format 1 keep a chain hash there and not the hash of the entry before.
        const prev = row.chain === null ? String(row.prev) : before;
        before = row.hash;
        return `${exportLine({ seq: Number(row.seq), prev, hash: row.hash }, row.entry)}\n`;
      })
      .join("");
    from = Number(rows.at(-1)!.seq);
  }
  yield `${exportSeal(seal)}\n`;
}

async function* lines(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const piece of pieces) yield* piece.split("\n").slice(0, -1);
}
