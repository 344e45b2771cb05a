import { NO_HASH } from "./entry.ts";
import { extendFrontier } from "./merkle.ts";

/** Where the sealed trail stands: how many entries, hash of the last, and the Merkle tree's frontier. Hashes in hex. */
export interface Head {
  readonly size: number;
  readonly last: string;
  readonly frontier: readonly (readonly string[])[];
}

/** The head of a trail without entries. */
export const EMPTY_HEAD: Head = { size: 0, last: NO_HASH, frontier: [] };

/** An entry's place in the sealed trail: `seq` from 1 without holes, `prev` the hash of the entry before it. */
export interface Sealed {
  readonly id: string;
  readonly seq: number;
  readonly prev: string;
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
  let { size, last, frontier } = head;
  for (const { id, hash } of entries) {
    size += 1;
    sealed.push({ id, seq: size, prev: last });
    frontier = extendFrontier(frontier, hash);
    last = hash;
  }
  return { sealed, head: { size, last, frontier } };
}
