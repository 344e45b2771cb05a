import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { accept, type Outcome, refuse } from "../change/refusal.ts";
import { WIDTH, type WideTree, wideTree } from "./tree.ts";

/** That the entry at `seq` (from 1) is in the tree of `size` entries with this root. `before` and `after` are the roots of the complete subtrees that make up the rest, in order. Hashes in hex. */
export interface Inclusion {
  readonly entryHash: string;
  readonly seq: number;
  readonly size: number;
  readonly root: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** That the tree of `newSize` entries begins with the tree of `oldSize` entries: roots of the complete subtrees of the old one, and of what came since, in order. Hashes in hex. */
export interface Consistency {
  readonly oldSize: number;
  readonly oldRoot: string;
  readonly newSize: number;
  readonly newRoot: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

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

function includes({ entryHash, seq, size, root, before, after }: Inclusion): boolean {
  if (!areSizes(seq, size) || seq < 1 || seq > size || !areHashes([entryHash, root, ...before, ...after])) return false;
  const tree = wideTree(sha256);
  const made = grow(tree, before, 0, seq - 1) && grow(tree, [entryHash], seq - 1, seq) && grow(tree, after, seq, size);
  return made && tree.root() === root;
}

function extendsOld({ oldSize, oldRoot, newSize, newRoot, before, after }: Consistency): boolean {
  if (!areSizes(oldSize, newSize) || oldSize < 0 || oldSize > newSize) return false;
  if (!areHashes([oldRoot, newRoot, ...before, ...after])) return false;
  const tree = wideTree(sha256);
  if (!grow(tree, before, 0, oldSize) || tree.root() !== oldRoot) return false;
  return grow(tree, after, oldSize, newSize) && tree.root() === newRoot;
}

function sha256(bytes: Uint8Array): string {
  return bytesToHex(nobleSha256(bytes));
}

/** Lets a tree of `start` entries grow to `end` by the largest complete subtrees that fit; false unless these are just so many. */
function grow(tree: WideTree, roots: readonly string[], start: number, end: number): boolean {
  let at = start;
  for (const root of roots) {
    if (at === end) return false;
    let size = 1;
    let level = 0;
    while (at % (size * WIDTH) === 0 && at + size * WIDTH <= end) {
      size *= WIDTH;
      level += 1;
    }
    tree.addSubtree(root, level);
    at += size;
  }
  return at === end;
}

function areSizes(...sizes: readonly number[]): boolean {
  return sizes.every((size) => Number.isSafeInteger(size));
}

function areHashes(hashes: readonly string[]): boolean {
  return hashes.every((hash) => HASH.test(hash));
}
