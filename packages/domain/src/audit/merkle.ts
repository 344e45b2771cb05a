import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

/** Hex root of a tree without leaves: SHA-256 of nothing. */
export const EMPTY_ROOT = bytesToHex(sha256(new Uint8Array()));

/** How many children a node has, but for the last of its level. */
export const WIDTH = 16;

/** Hex hash of a node: SHA-256 of 0x01 and its children, two to WIDTH of them. An only child takes the place of its node. */
export function nodeHash(children: readonly string[]): string {
  return children.length === 1 ? (children[0] as string) : bytesToHex(sha256(hexToBytes(`01${children.join("")}`)));
}

/**
 * The frontier after one more entry. It has of each level, the leaves first, the nodes that are complete and whose parent is not:
 * none to WIDTH - 1 of them. The leaves are the entry hashes.
 */
export function extendFrontier(frontier: readonly (readonly string[])[], entryHash: string): string[][] {
  const next = frontier.map((level) => [...level]);
  let node = entryHash;
  for (let height = 0; ; height++) {
    const level = next[height];
    if (level === undefined) {
      next.push([node]);
      return next;
    }
    level.push(node);
    if (level.length < WIDTH) return next;
    node = nodeHash(level);
    next[height] = [];
  }
}

/** Hex Merkle root of a frontier. */
export function merkleRoot(frontier: readonly (readonly string[])[]): string {
  let below: string[] = [];
  for (const level of frontier) {
    const children = level.concat(below);
    if (children.length > 0) below = [nodeHash(children)];
  }
  return below[0] ?? EMPTY_ROOT;
}

/** That the entry at `seq` is in the tree of `size` entries with this root: the roots of the complete subtrees before and after it, in order. Hashes in hex. */
export interface InclusionProof {
  readonly entryHash: string;
  readonly seq: number;
  readonly size: number;
  readonly root: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** That the tree of `newSize` entries begins with the tree of `oldSize` entries: the roots of the complete subtrees of the old one, and of what came since. Hashes in hex. */
export interface ConsistencyProof {
  readonly oldSize: number;
  readonly oldRoot: string;
  readonly newSize: number;
  readonly newRoot: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Proves that entry `seq` (from 1) is among these entries, given all their hashes in order; a RangeError when it is not one of them. */
export function inclusionProof(entryHashes: readonly string[], seq: number): InclusionProof {
  const size = entryHashes.length;
  const entryHash = entryHashes[seq - 1];
  if (entryHash === undefined) throw new RangeError(`no entry ${seq} in a tree of ${size}`);
  const before = subtrees(entryHashes, 0, seq - 1);
  const after = subtrees(entryHashes, seq, size);
  return { entryHash, seq, size, root: rootOf(entryHashes), before, after };
}

/** Proves that these entries begin with the first `oldSize` of them, given all their hashes in order; a RangeError for a size beyond them. */
export function consistencyProof(entryHashes: readonly string[], oldSize: number): ConsistencyProof {
  const newSize = entryHashes.length;
  if (!Number.isInteger(oldSize) || oldSize < 0 || oldSize > newSize) {
    throw new RangeError(`no earlier tree of ${oldSize} in a tree of ${newSize}`);
  }
  const before = subtrees(entryHashes, 0, oldSize);
  const after = subtrees(entryHashes, oldSize, newSize);
  return {
    oldSize,
    oldRoot: rootOf(entryHashes.slice(0, oldSize)),
    newSize,
    newRoot: rootOf(entryHashes),
    before,
    after,
  };
}

/** Roots of the largest complete subtrees that make up [start, end), in order. */
function subtrees(entryHashes: readonly string[], start: number, end: number): string[] {
  const roots: string[] = [];
  for (let at = start; at < end; ) {
    let size = 1;
    while (at % (size * WIDTH) === 0 && at + size * WIDTH <= end) size *= WIDTH;
    roots.push(rootOf(entryHashes.slice(at, at + size)));
    at += size;
  }
  return roots;
}

function rootOf(entryHashes: readonly string[]): string {
  return merkleRoot(entryHashes.reduce<string[][]>(extendFrontier, []));
}
