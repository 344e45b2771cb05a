import { expect, test } from "vitest";
import {
  consistencyProof,
  EMPTY_ROOT,
  extendFrontier,
  inclusionProof,
  leafHash,
  merkleRoot,
  nodeHash,
} from "./merkle.ts";

const hashes = Array.from({ length: 9 }, (_, index) => index.toString(16).padStart(64, "0"));

function rootOf(entries: readonly string[]): string {
  let frontier: string[] = [];
  for (const [size, entry] of entries.entries()) frontier = extendFrontier(frontier, size, leafHash(entry));
  return merkleRoot(frontier, entries.length);
}

/** The definition of RFC 6962, 2.1, word for word. */
function defined(entries: readonly string[]): string {
  if (entries.length === 0) return EMPTY_ROOT;
  if (entries.length === 1) return leafHash(entries[0]!);
  let k = 1;
  while (k * 2 < entries.length) k *= 2;
  return nodeHash(defined(entries.slice(0, k)), defined(entries.slice(k)));
}

test("a tree without leaves has the hash of nothing as its root", () => {
  expect(merkleRoot([], 0)).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

test("the inner nodes are those of the published test tree", () => {
  // Leaves of the inputs "", 00, 10 and 2021, as the leaves of certificate logs are tested with.
  const leaves = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
    "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
  ];
  let frontier: string[] = [];
  const roots = leaves.map((leaf, size) => {
    frontier = extendFrontier(frontier, size, leaf);
    return merkleRoot(frontier, size + 1);
  });
  expect(roots).toEqual([
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  ]);
});

test("the frontier's root is the defined one at every size", () => {
  for (let size = 0; size <= hashes.length; size++) {
    expect(rootOf(hashes.slice(0, size))).toBe(defined(hashes.slice(0, size)));
  }
});

test("a frontier of another size is a bug", () => {
  expect(() => merkleRoot([EMPTY_ROOT], 3)).toThrow(RangeError);
});

test("proofs name what they prove", () => {
  expect(inclusionProof(hashes, 3)).toMatchObject({ entryHash: hashes[2], seq: 3, size: 9, root: defined(hashes) });
  expect(inclusionProof(hashes.slice(0, 1), 1).path).toEqual([]);
  expect(consistencyProof(hashes, 4)).toMatchObject({
    oldSize: 4,
    oldRoot: defined(hashes.slice(0, 4)),
    newSize: 9,
    newRoot: defined(hashes),
  });
  expect(consistencyProof(hashes, 0).path).toEqual([]);
  expect(consistencyProof(hashes, 9).path).toEqual([]);
});

test("what is not there cannot be proven", () => {
  for (const seq of [0, 10, 1.5]) expect(() => inclusionProof(hashes, seq)).toThrow(RangeError);
  for (const size of [-1, 10, 1.5]) expect(() => consistencyProof(hashes, size)).toThrow(RangeError);
});
