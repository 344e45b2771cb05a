import { hash } from "node:crypto";
import type { Verdict, VerdictCode } from "@change-mgmt/domain/verify/verdict.ts";
import { verifyExport } from "@change-mgmt/domain/verify/verify-export.ts";
import { newestSeal } from "../../audit/sealer.ts";
import { verifySignature } from "../../audit/signing-key.ts";
import { faultOfStored, STORED_ENTRY } from "../../audit/stored-entry.ts";
import type { Db, Tx } from "../../storage/store.ts";
import { exportPieces } from "./export-pieces.ts";

const BATCH = 500;

/** An entry that is what was sealed, in a row that says otherwise of it: by the row it is listed, filtered and told to those who follow events. */
export interface RowAltered {
  readonly ok: false;
  readonly code: Exclude<"ROW_ALTERED", VerdictCode>;
  readonly message: string;
  readonly hint: string;
  readonly place: { readonly line: number; readonly seq: number };
}

/** Verifies the stored trail up to its newest seal: as an export of it, every line scanned, and then the rows it is stored in. Undefined when nothing is sealed. */
export async function verifyStored(db: Db | Tx): Promise<Verdict | RowAltered | undefined> {
  const seal = await newestSeal(db);
  if (!seal) return undefined;
  const keys = await db.selectFrom("audit_keys").selectAll().execute();
  const verdict = await verifyExport(lines(exportPieces(db, seal)), {
    publicKeys: Object.fromEntries(keys.map((row) => [row.key_id, row.public_key])),
    verifySignature,
    sha256: (bytes) => hash("sha256", bytes),
    thorough: true,
  });
  return verdict.ok ? ((await rowFault(db, seal.count)) ?? verdict) : verdict;
}

async function rowFault(db: Db | Tx, count: number): Promise<RowAltered | undefined> {
  for (let from = 0; from < count; ) {
    const rows = await db
      .selectFrom("audit_trail as t")
      .leftJoin("change_requests as c", "c.id", "t.change_id")
      .select(["t.seq", "c.number", ...STORED_ENTRY.map((column) => `t.${column}` as const)])
      .where("t.seq", ">", String(from))
      .where("t.seq", "<=", String(count))
      .orderBy("t.seq")
      .limit(BATCH)
      .execute();
    if (rows.length === 0) return undefined;
    for (const row of rows) {
      const seq = Number(row.seq);
      const about = (JSON.parse(row.entry) as { change_request_id: string | null }).change_request_id;
      const fault = faultOfStored(row) ?? (row.number === about ? undefined : "its row belongs to another change");
      if (fault !== undefined) return altered(seq, fault);
    }
    from = Number(rows.at(-1)!.seq);
  }
  return undefined;
}

function altered(seq: number, fault: string): RowAltered {
  return {
    ok: false,
    code: "ROW_ALTERED",
    message: `Entry ${seq} is what was sealed, but ${fault}.`,
    hint: "Somebody wrote into the table by another way than a command. An export shows what was sealed; compare the rows with a backup.",
    place: { line: seq + 1, seq },
  };
}

async function* lines(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const piece of pieces) yield* piece.split("\n").slice(0, -1);
}
