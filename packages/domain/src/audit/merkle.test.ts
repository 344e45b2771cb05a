import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { consistencyProof, EMPTY_ROOT, extendFrontier, inclusionProof, merkleRoot, nodeHash, WIDTH } from "./merkle.ts";

const hashes = Array.from({ length: 300 }, (_, index) => index.toString(16).padStart(64, "0"));

/** The definition: runs of the largest power of WIDTH that is smaller than the number of entries, each a child. */
function defined(entries: readonly string[]): string {
  if (entries.length === 0) return EMPTY_ROOT;
  if (entries.length === 1) return entries[0]!;
  let run = 1;
  while (run * WIDTH < entries.length) run *= WIDTH;
  const runs = Array.from({ length: Math.ceil(entries.length / run) }, (_, at) =>
    entries.slice(at * run, (at + 1) * run),
  );
  return nodeHash(runs.map(defined));
}

test("a tree without entries has the hash of nothing as its root, one of a single entry that entry's hash", () => {
  expect(merkleRoot([])).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(merkleRoot([[hashes[1]!]])).toBe(hashes[1]);
});

test("a node is SHA-256 of 0x01 and its children", () => {
  const bytes = Buffer.from(`01${hashes[1]}${hashes[2]}`, "hex");
  expect(nodeHash(hashes.slice(1, 3))).toBe(createHash("sha256").update(bytes).digest("hex"));
});

test("the frontier's root is the defined one at every size", () => {
  let frontier: string[][] = [];
  for (const [index, hash] of hashes.entries()) {
    frontier = extendFrontier(frontier, hash);
    expect(merkleRoot(frontier)).toBe(defined(hashes.slice(0, index + 1)));
  }
});

test("proofs name what they prove", () => {
  const nine = hashes.slice(0, 9);
  expect(inclusionProof(nine, 3)).toMatchObject({ entryHash: nine[2], seq: 3, size: 9, root: defined(nine) });
  expect(inclusionProof(nine.slice(0, 1), 1)).toMatchObject({ before: [], after: [] });
  expect(consistencyProof(hashes, 32)).toMatchObject({
    oldSize: 32,
    oldRoot: defined(hashes.slice(0, 32)),
    newSize: 300,
    newRoot: defined(hashes),
  });
  expect(consistencyProof(hashes, 32).before).toHaveLength(2);
});

test("what is not there cannot be proven", () => {
  for (const seq of [0, 301, 1.5]) expect(() => inclusionProof(hashes, seq)).toThrow(RangeError);
  for (const size of [-1, 301, 1.5]) expect(() => consistencyProof(hashes, size)).toThrow(RangeError);
});
