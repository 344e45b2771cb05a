import { EMPTY_HEAD, type Head, seal } from "@change-mgmt/domain/audit/chain.ts";
import { type Seal, signHead } from "@change-mgmt/domain/audit/seal.ts";
import { sql } from "kysely";
import { json } from "../storage/json.ts";
import type { Db, Tx } from "../storage/store.ts";
import { headFromFormat1, isFormat1 } from "./format-1.ts";
import type { SigningKey } from "./signing-key.ts";
import { faultOfStored, STORED_ENTRY } from "./stored-entry.ts";

const BATCH = 1000;

/**
 * Seals what has committed and is not sealed yet, one batch: consecutive numbers, links, Merkle tree, signature. Only sealers wait
 * for each other, never a command. Throws Unsealable, having sealed nothing of the batch. A head that an earlier release left in format 1 is brought into format 2 and signed anew, also
 * when nothing else is to be done. Answers how many entries were sealed.
 */
export async function sealBatch(db: Db, key: SigningKey): Promise<number> {
  // Mostly there is nothing to do, and a look writes nothing.
  const { rows } = await sql`SELECT 1 FROM change_mgmt.audit_head WHERE head ? 'chain'
    UNION ALL (SELECT 1 FROM change_mgmt.audit_trail WHERE seq IS NULL LIMIT 1)`.execute(db);
  if (rows.length === 0) return 0;
  return await db.transaction().execute(async (tx) => {
    await sql`INSERT INTO change_mgmt.audit_head (id, head) VALUES (1, ${json(EMPTY_HEAD)}) ON CONFLICT (id) DO NOTHING`.execute(
      tx,
    );
    const stored = await tx
      .selectFrom("audit_head")
      .select("head")
      .where("id", "=", 1)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const renewed = isFormat1(stored.head);
    const head = isFormat1(stored.head) ? await headFromFormat1(tx, stored.head) : (stored.head as Head);
    const open = await tx
      .selectFrom("audit_trail")
      .select(["id", ...STORED_ENTRY])
      .where("seq", "is", null)
      // Time never goes back within a stream, so this keeps every stream in its order.
      .orderBy("created_at")
      .orderBy("stream")
      .orderBy("stream_seq")
      .limit(BATCH)
      .execute();
    if (open.length === 0 && !renewed) return 0;
    for (const row of open) refuseFault(row.id, faultOfStored(row));
    const result = seal(head, open);
    await sql`UPDATE change_mgmt.audit_trail t SET seq = s.seq, prev = s.prev
      FROM unnest(${result.sealed.map((row) => row.id)}::uuid[], ${result.sealed.map((row) => row.seq)}::bigint[],
        ${result.sealed.map((row) => row.prev)}::text[]) AS s (id, seq, prev)
      WHERE t.id = s.id`.execute(tx);
    await keep(tx, result.head, key);
    return open.length;
  });
}

/** A row of the trail is not as it was appended. A seal says that its entries were, so none is given to this one or to what follows it. */
export class Unsealable extends Error {}

function refuseFault(id: string, fault: string | undefined): void {
  if (fault === undefined) return;
  throw new Unsealable(`The row ${id} of the audit trail is not as it was appended: ${fault}. Nothing more is sealed.`);
}

async function keep(tx: Tx, head: Head, key: SigningKey): Promise<void> {
  // The key may be another one after the next wait.
  const { id, publicKey, sign } = key;
  const signed: Seal = signHead(head, new Date().toISOString(), id, sign);
  await tx
    .updateTable("audit_head")
    .set({ head: json<unknown>(head) })
    .where("id", "=", 1)
    .execute();
  await tx
    .insertInto("audit_seals")
    .values({ size: head.size, seal: json<unknown>(signed) })
    // Only a seal of format 1 can stand there: this one says the same in format 2, and both are kept.
    .onConflict((conflict) =>
      conflict
        .column("size")
        .doUpdateSet({ seal: sql`excluded.seal || jsonb_build_object('formerly', audit_seals.seal)` }),
    )
    .execute();
  await tx
    .insertInto("audit_keys")
    .values({ key_id: id, public_key: publicKey, endorsed_by: null, endorsement: null })
    .onConflict((conflict) => conflict.column("key_id").doNothing())
    .execute();
}

/** Seals until nothing is left that had committed when it was looked at. */
export async function sealAll(db: Db, key: SigningKey): Promise<number> {
  let total = 0;
  for (;;) {
    const sealed = await sealBatch(db, key);
    total += sealed;
    if (sealed < BATCH) return total;
  }
}

/** The newest seal; undefined while nothing was ever sealed. */
export async function newestSeal(db: Db | Tx): Promise<Seal | undefined> {
  const row = await db.selectFrom("audit_seals").select("seal").orderBy("size", "desc").limit(1).executeTakeFirst();
  return row?.seal as Seal | undefined;
}
