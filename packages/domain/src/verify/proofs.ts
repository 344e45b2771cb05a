import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { accept, type Outcome, refuse } from "../change/refusal.ts";
import { treeHashes } from "./tree.ts";

/** That the entry at `seq` (from 1) is in the tree of `size` entries with this root. Hashes in hex; `path` from the leaf upwards. */
export interface Inclusion {
  readonly entryHash: string;
  readonly seq: number;
  readonly size: number;
  readonly root: string;
  readonly path: readonly string[];
}

/** That the tree of `newSize` entries begins with the tree of `oldSize` entries. Hashes in hex. */
export interface Consistency {
  readonly oldSize: number;
  readonly oldRoot: string;
  readonly newSize: number;
  readonly newRoot: string;
  readonly path: readonly string[];
}

const { leaf, node } = treeHashes((bytes) => bytesToHex(nobleSha256(bytes)));
const HASH = /^[0-9a-f]{64}$/;

/** Checks an inclusion proof. Refuses with INCLUSION_INVALID. The root is worth what its seal's signature or a checkpoint is. */
export function verifyInclusion(proof: Inclusion): Outcome<Inclusion> {
  return includes(proof)
    ? accept(proof)
    : refuse(
        "INCLUSION_INVALID",
        `The proof does not show that this entry is entry ${proof.seq} of ${proof.size}.`,
        "Ask for a new proof of this entry, for the seal you hold.",
      );
}

/** Checks a consistency proof. Refuses with CONSISTENCY_INVALID. */
export function verifyConsistency(proof: Consistency): Outcome<Consistency> {
  return extendsOld(proof)
    ? accept(proof)
    : refuse(
        "CONSISTENCY_INVALID",
        `The proof does not show that the ${proof.newSize} entries begin with the ${proof.oldSize} sealed earlier.`,
        "Ask for a new proof between the two seals you hold; if it fails too, the trail was rewritten in between.",
      );
}

function includes({ entryHash, seq, size, root, path }: Inclusion): boolean {
  if (!areSizes(seq, size) || seq < 1 || seq > size || !areHashes([entryHash, root, ...path])) return false;
  // Position of the node on the way up, and of the last node of its level.
  let index = seq - 1;
  let last = size - 1;
  let hash = leaf(entryHash);
  for (const beside of path) {
    if (last === 0) return false;
    if (index % 2 === 1 || index === last) {
      hash = node(beside, hash);
      // A last node without a neighbour rises to where it has one on its left.
      while (index % 2 === 0) [index, last] = [half(index), half(last)];
    } else hash = node(hash, beside);
    [index, last] = [half(index), half(last)];
  }
  return last === 0 && hash === root;
}

function extendsOld({ oldSize, oldRoot, newSize, newRoot, path }: Consistency): boolean {
  if (!areSizes(oldSize, newSize) || oldSize < 0 || oldSize > newSize) return false;
  if (!areHashes([oldRoot, newRoot, ...path])) return false;
  if (oldSize === newSize) return path.length === 0 && oldRoot === newRoot;
  if (oldSize === 0) return path.length === 0 && oldRoot === EMPTY_ROOT;
  let index = oldSize - 1;
  let last = newSize - 1;
  while (index % 2 === 1) [index, last] = [half(index), half(last)];
  // An old tree that is one complete subtree is its own beginning; otherwise the path begins with a subtree of both.
  const [start, ...rest] = index === 0 ? [oldRoot, ...path] : path;
  if (start === undefined) return false;
  let old = start;
  let young = start;
  for (const beside of rest) {
    if (last === 0) return false;
    if (index % 2 === 1 || index === last) {
      old = node(beside, old);
      young = node(beside, young);
      while (index % 2 === 0 && index > 0) [index, last] = [half(index), half(last)];
    } else young = node(young, beside);
    [index, last] = [half(index), half(last)];
  }
  return last === 0 && old === oldRoot && young === newRoot;
}

const EMPTY_ROOT = bytesToHex(nobleSha256(new Uint8Array()));

function half(number: number): number {
  return Math.floor(number / 2);
}

function areSizes(...sizes: readonly number[]): boolean {
  return sizes.every((size) => Number.isSafeInteger(size));
}

function areHashes(hashes: readonly string[]): boolean {
  return hashes.every((hash) => HASH.test(hash));
}
