import { NO_HASH } from "@change-mgmt/domain/audit/entry.ts";
import { exportHeader, exportLine, exportSeal } from "@change-mgmt/domain/audit/export.ts";
import type { Seal } from "@change-mgmt/domain/audit/seal.ts";
import type { Db, Tx } from "../../storage/store.ts";

const BATCH = 500;

/** An export as text pieces: the header, each sealed entry as it is stored, and the seal; read in batches, so memory stays small. */
export async function* exportPieces(db: Db | Tx, seal: Seal): AsyncGenerator<string> {
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
