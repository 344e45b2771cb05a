import { hash } from "node:crypto";
import { EMPTY_HEAD, type Head, seal } from "@change-mgmt/domain/audit/chain.ts";
import { chainOf } from "@change-mgmt/domain/verify/commitments.ts";
import type { Tx } from "../storage/store.ts";

const BATCH = 5000;

/** Where a trail stood that an earlier release sealed: hash of the last link of a chain over all entries. */
export interface HeadOfFormat1 {
  readonly size: number;
  readonly chain: string;
}

export function isFormat1(head: unknown): head is HeadOfFormat1 {
  return typeof head === "object" && head !== null && "chain" in head;
}

/**
 * The head of format 2 over the entries sealed in format 1. Throws when these are not the ones that were sealed, so that what was
 * altered before an upgrade is not sealed as genuine after it.
 */
export async function headFromFormat1(tx: Tx, { size, chain }: HeadOfFormat1): Promise<Head> {
  const old = chainOf((bytes) => hash("sha256", bytes));
  let head = EMPTY_HEAD;
  while (head.size < size) {
    const rows = await tx
      .selectFrom("audit_trail")
      .select(["id", "hash"])
      .where("seq", ">", String(head.size))
      .where("seq", "<=", String(size))
      .orderBy("seq")
      .limit(BATCH)
      .execute();
    if (rows.length === 0) break;
    for (const row of rows) old.add(row.hash);
    head = seal(head, rows).head;
  }
  if (head.size === size && (size === 0 || old.link === chain)) return head;
  throw new Error(
    `the audit trail is not the one that was sealed: its first ${size} entries do not make the chain hash ${chain}; nothing more is sealed, compare it with an export or a backup`,
  );
}
