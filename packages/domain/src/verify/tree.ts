/** SHA-256 of bytes, in lower-case hex. It reads the bytes before it returns and does not keep them. */
export type Sha256 = (bytes: Uint8Array) => string;

/** The value of each hex digit by its character code. */
const NIBBLE = new Uint8Array(128);
for (const [value, digit] of [..."0123456789abcdef"].entries()) NIBBLE[digit.charCodeAt(0)] = value;

/** Writes the bytes of a hash in hex at `offset`. */
export function writeHash(hash: string, into: Uint8Array, offset: number): void {
  for (let index = 0, at = offset; index < 64; index += 2, at += 1) {
    const high = NIBBLE[hash.charCodeAt(index)] as number;
    into[at] = (high << 4) | (NIBBLE[hash.charCodeAt(index + 1)] as number);
  }
}

/** The two hashes of RFC 6962 (2.1): a leaf of an entry hash, a node of its children. All in hex. */
export interface TreeHashes {
  leaf(entryHash: string): string;
  node(left: string, right: string): string;
}

export function treeHashes(sha256: Sha256): TreeHashes {
  const leafBytes = new Uint8Array(33);
  const nodeBytes = new Uint8Array(65);
  nodeBytes[0] = 1;
  return {
    leaf(entryHash) {
      writeHash(entryHash, leafBytes, 1);
      return sha256(leafBytes);
    },
    node(left, right) {
      writeHash(left, nodeBytes, 1);
      writeHash(right, nodeBytes, 33);
      return sha256(nodeBytes);
    },
  };
}

/** A Merkle tree that grows by one entry at a time and keeps only the roots of its complete subtrees. */
export interface GrowingTree {
  add(entryHash: string): void;
  /** Hex root of what was added so far. */
  root(): string;
}

export function growingTree(sha256: Sha256): GrowingTree {
  const hashes = treeHashes(sha256);
  // Each subtree has twice the height of none other: sizes are distinct powers of two, falling.
  const roots: string[] = [];
  const sizes: number[] = [];
  return {
    add(entryHash) {
      let root = hashes.leaf(entryHash);
      let size = 1;
      while (sizes.at(-1) === size) {
        root = hashes.node(roots.pop() as string, root);
        size += sizes.pop() as number;
      }
      roots.push(root);
      sizes.push(size);
    },
    root() {
      let root = roots.at(-1) ?? sha256(new Uint8Array());
      for (let index = roots.length - 2; index >= 0; index--) root = hashes.node(roots[index] as string, root);
      return root;
    },
  };
}
