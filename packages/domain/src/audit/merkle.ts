import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

/** Hex root of a tree without leaves: SHA-256 of nothing (RFC 6962, 2.1). */
export const EMPTY_ROOT = bytesToHex(sha256(new Uint8Array()));

/** Hex leaf hash of an entry hash: SHA-256 of 0x00 and its 32 bytes. */
export function leafHash(entryHash: string): string {
  return bytesToHex(sha256(hexToBytes(`00${entryHash}`)));
}

/** Hex hash of an inner node: SHA-256 of 0x01 and both children. */
export function nodeHash(left: string, right: string): string {
  return bytesToHex(sha256(hexToBytes(`01${left}${right}`)));
}

/**
 * The compact frontier after one more leaf. A frontier of a tree of `size` leaves is the roots of its complete subtrees,
 * the largest (leftmost) first: one hash for each 1 in the binary form of `size`.
 */
export function extendFrontier(frontier: readonly string[], size: number, leaf: string): string[] {
  const next = [...frontier];
  let node = leaf;
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) node = nodeHash(next.pop() as string, node);
  next.push(node);
  return next;
}

/** Hex Merkle root of a frontier; a RangeError when the frontier is not one of a tree of that size. */
export function merkleRoot(frontier: readonly string[], size: number): string {
  const ones = size.toString(2).replaceAll("0", "").length;
  if (frontier.length !== ones) throw new RangeError(`a tree of ${size} leaves has a frontier of ${ones} hashes`);
  if (frontier.length === 0) return EMPTY_ROOT;
  return frontier.reduceRight((right, left) => nodeHash(left, right));
}

/** That the entry at `seq` is in the tree of `size` entries with this root. Hashes in hex; `path` from the leaf upwards. */
export interface InclusionProof {
  readonly entryHash: string;
  readonly seq: number;
  readonly size: number;
  readonly root: string;
  readonly path: readonly string[];
}

/** That the tree of `newSize` entries begins with the tree of `oldSize` entries. Hashes in hex. */
export interface ConsistencyProof {
  readonly oldSize: number;
  readonly oldRoot: string;
  readonly newSize: number;
  readonly newRoot: string;
  readonly path: readonly string[];
}

/** Proves that entry `seq` (from 1) is among these entries, given all their hashes in order; a RangeError when it is not one of them. */
export function inclusionProof(entryHashes: readonly string[], seq: number): InclusionProof {
  const size = entryHashes.length;
  const hash = entryHashes[seq - 1];
  if (hash === undefined) throw new RangeError(`no entry ${seq} in a tree of ${size}`);
  const leaves = entryHashes.map(leafHash);
  return { entryHash: hash, seq, size, root: subtreeRoot(leaves, 0, size), path: auditPath(leaves, seq - 1, 0, size) };
}

/** Proves that these entries begin with the first `oldSize` of them, given all their hashes in order; a RangeError for a size beyond them. */
export function consistencyProof(entryHashes: readonly string[], oldSize: number): ConsistencyProof {
  const newSize = entryHashes.length;
  if (!Number.isInteger(oldSize) || oldSize < 0 || oldSize > newSize) {
    throw new RangeError(`no earlier tree of ${oldSize} in a tree of ${newSize}`);
  }
  const leaves = entryHashes.map(leafHash);
  const path = oldSize === 0 || oldSize === newSize ? [] : subproof(leaves, oldSize, 0, newSize, true);
  return { oldSize, oldRoot: subtreeRoot(leaves, 0, oldSize), newSize, newRoot: subtreeRoot(leaves, 0, newSize), path };
}

function subtreeRoot(leaves: readonly string[], start: number, end: number): string {
  let frontier: string[] = [];
  for (let at = start; at < end; at++) frontier = extendFrontier(frontier, at - start, leaves[at] as string);
  return merkleRoot(frontier, end - start);
}

/** Where a tree over [start, end) is split: the largest power of two smaller than its size belongs to the left. */
function split(start: number, end: number): number {
  let width = 1;
  while (width * 2 < end - start) width *= 2;
  return start + width;
}

function auditPath(leaves: readonly string[], index: number, start: number, end: number): string[] {
  if (end - start === 1) return [];
  const middle = split(start, end);
  return index < middle
    ? [...auditPath(leaves, index, start, middle), subtreeRoot(leaves, middle, end)]
    : [...auditPath(leaves, index, middle, end), subtreeRoot(leaves, start, middle)];
}

/** `whole` says that the old tree is this very subtree, whose root the reader knows already. */
function subproof(leaves: readonly string[], oldEnd: number, start: number, end: number, whole: boolean): string[] {
  if (oldEnd === end) return whole ? [] : [subtreeRoot(leaves, start, end)];
  const middle = split(start, end);
  return oldEnd <= middle
    ? [...subproof(leaves, oldEnd, start, middle, whole), subtreeRoot(leaves, middle, end)]
    : [...subproof(leaves, oldEnd, middle, end, false), subtreeRoot(leaves, start, middle)];
}
