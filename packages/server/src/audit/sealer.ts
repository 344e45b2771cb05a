import { EMPTY_HEAD, type Head, seal } from "@change-mgmt/domain/audit/chain.ts";
import { type Seal, signHead } from "@change-mgmt/domain/audit/seal.ts";
import { sql } from "kysely";
import { json } from "../storage/json.ts";
import type { Db } from "../storage/store.ts";
import type { SigningKey } from "./signing-key.ts";

const BATCH = 1000;

/**
 * Seals what has committed and is not sealed yet, one batch: consecutive numbers, hash chain, Merkle tree, signature. Only sealers wait
 * for each other, never a command. Answers how many entries were sealed.
 */
export async function sealBatch(db: Db, key: SigningKey): Promise<number> {
  // Mostly there is nothing to do, and a look writes nothing.
  const open = await db.selectFrom("audit_trail").select("id").where("seq", "is", null).limit(1).executeTakeFirst();
  if (open === undefined) return 0;
  return await db.transaction().execute(async (tx) => {
    await sql`INSERT INTO change_mgmt.audit_head (id, head) VALUES (1, ${json(EMPTY_HEAD)}) ON CONFLICT (id) DO NOTHING`.execute(
      tx,
    );
    const { head } = await tx
      .selectFrom("audit_head")
      .select("head")
      .where("id", "=", 1)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const open = await tx
      .selectFrom("audit_trail")
      .select(["id", "hash"])
      .where("seq", "is", null)
      // Time never goes back within a stream, so this keeps every stream in its order.
      .orderBy("created_at")
      .orderBy("stream")
      .orderBy("stream_seq")
      .limit(BATCH)
      .execute();
    if (open.length === 0) return 0;
    const result = seal(head as Head, open);
    await sql`UPDATE change_mgmt.audit_trail t SET seq = s.seq, prev = s.prev, chain = s.chain
      FROM unnest(${result.sealed.map((row) => row.id)}::uuid[], ${result.sealed.map((row) => row.seq)}::bigint[],
        ${result.sealed.map((row) => row.prev)}::text[], ${result.sealed.map((row) => row.chain)}::text[]) AS s (id, seq, prev, chain)
      WHERE t.id = s.id`.execute(tx);
    const signed: Seal = signHead(result.head, new Date().toISOString(), key.id, key.sign);
    await tx
      .updateTable("audit_head")
      .set({ head: json<unknown>(result.head) })
      .where("id", "=", 1)
      .execute();
    await tx
      .insertInto("audit_seals")
      .values({ size: result.head.size, seal: json<unknown>(signed) })
      .execute();
    await tx
      .insertInto("audit_keys")
      .values({ key_id: key.id, public_key: key.publicKey })
      .onConflict((conflict) => conflict.column("key_id").doNothing())
      .execute();
    return open.length;
  });
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
export async function newestSeal(db: Db): Promise<Seal | undefined> {
  const row = await db.selectFrom("audit_seals").select("seal").orderBy("size", "desc").limit(1).executeTakeFirst();
  return row?.seal as Seal | undefined;
}
