import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { NO_HASH } from "./entry.ts";
import { extendFrontier, leafHash } from "./merkle.ts";

export { merkleRoot } from "./merkle.ts";

/** Where the sealed trail stands: how many entries, hash of the chain's last link, and the Merkle tree's frontier. Hashes in hex. */
export interface Head {
  readonly size: number;
  readonly chain: string;
  readonly frontier: readonly string[];
}

/** The head of a trail without entries. */
export const EMPTY_HEAD: Head = { size: 0, chain: NO_HASH, frontier: [] };

/** An entry's place in the sealed trail: `seq` from 1 without holes, `prev` the chain hash before it, `chain` the one with it. */
export interface Sealed {
  readonly id: string;
  readonly seq: number;
  readonly prev: string;
  readonly chain: string;
}

const CHAIN_DOMAIN = utf8ToBytes("change-mgmt/chain/1\n");

/** Hex SHA-256 of `change-mgmt/chain/1`, a line feed, the previous chain hash, `seq` as 8 bytes big-endian, and the entry hash. */
export function chainHash(prev: string, seq: number, entryHash: string): string {
  const number = new Uint8Array(8);
  new DataView(number.buffer).setBigUint64(0, BigInt(seq));
  return bytesToHex(sha256(concatBytes(CHAIN_DOMAIN, hexToBytes(prev), number, hexToBytes(entryHash))));
}

/**
 * Links entries, in this order, behind a head. `id` is the caller's own and comes back unread; `hash` is the entry hash in hex.
 * Entries of one stream come in the order of their stream sequence, or the verifier will refuse the trail.
 */
export function seal(
  head: Head,
  entries: readonly { readonly id: string; readonly hash: string }[],
): { sealed: Sealed[]; head: Head } {
  const sealed: Sealed[] = [];
  let { size, chain, frontier } = head;
  for (const { id, hash } of entries) {
    const prev = chain;
    frontier = extendFrontier(frontier, size, leafHash(hash));
    size += 1;
    chain = chainHash(prev, size, hash);
    sealed.push({ id, seq: size, prev, chain });
  }
  return { sealed, head: { size, chain, frontier } };
}
