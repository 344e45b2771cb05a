import type { Db, Tx } from "../storage/store.ts";

/** Bytes of one row. Twice as many characters in a backup, which is about what it holds at a time. */
export const PIECE_BYTES = 128 * 1024;

/** Keeps bytes under their hash, once; who keeps the same at the same time waits. Holds them until the transaction ends. */
export async function keepContent(tx: Tx, sha256: string, bytes: Uint8Array, now: Date): Promise<void> {
  // The update changes nothing: it locks the row, so that nobody lets go of the bytes before somebody refers to them.
  await tx
    .insertInto("attachment_contents")
    .values({ sha256, size: bytes.length, created_at: now })
    .onConflict((conflict) => conflict.column("sha256").doUpdateSet({ size: bytes.length }))
    .execute();
  const there = await tx
    .selectFrom("attachment_pieces")
    .select("position")
    .where("sha256", "=", sha256)
    .limit(1)
    .executeTakeFirst();
  if (there) return;
  for (let position = 0; position * PIECE_BYTES < bytes.length; position++) {
    const piece = Buffer.from(bytes.subarray(position * PIECE_BYTES, (position + 1) * PIECE_BYTES));
    await tx.insertInto("attachment_pieces").values({ sha256, position, bytes: piece }).execute();
  }
}

/** Lets go of bytes unless an attachment still refers to them; says whether they are gone. */
export async function letGoOfContent(tx: Tx, sha256: string): Promise<boolean> {
  await tx.selectFrom("attachment_contents").select("sha256").where("sha256", "=", sha256).forUpdate().execute();
  const holder = await tx
    .selectFrom("attachments")
    .select("id")
    .where("content", "=", sha256)
    .limit(1)
    .executeTakeFirst();
  if (holder) return false;
  await tx.deleteFrom("attachment_pieces").where("sha256", "=", sha256).execute();
  await tx.deleteFrom("attachment_contents").where("sha256", "=", sha256).execute();
  return true;
}

/**
 * The bytes kept under a hash, a piece at a time, each by a query of its own: a slow reader holds neither memory nor a connection. Throws
 * where they are let go of meanwhile.
 */
export async function* readContent(db: Db, sha256: string, size: number): AsyncGenerator<Uint8Array> {
  let read = 0;
  for (let position = 0; read < size; position++) {
    const piece = await db
      .selectFrom("attachment_pieces")
      .select("bytes")
      .where("sha256", "=", sha256)
      .where("position", "=", position)
      .executeTakeFirst();
    if (!piece) throw new Error(`the content ${sha256} ends after ${read} of ${size} bytes`);
    read += piece.bytes.length;
    yield piece.bytes;
  }
}
