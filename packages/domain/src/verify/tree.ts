/** SHA-256 of bytes, in lower-case hex. It reads the bytes before it returns and does not keep them. */
export type Sha256 = (bytes: Uint8Array) => string;

/** Writes the bytes of a hex text at `offset`. */
export function writeHex(hex: string, into: Uint8Array, offset: number): void {
  for (let index = 0; index < hex.length; index += 2) {
    into[offset + index / 2] = (nibble(hex.charCodeAt(index)) << 4) | nibble(hex.charCodeAt(index + 1));
  }
}

function nibble(code: number): number {
  return code < 0x3a ? code - 0x30 : code - 0x57;
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
      writeHex(entryHash, leafBytes, 1);
      return sha256(leafBytes);
    },
    node(left, right) {
      writeHex(left, nodeBytes, 1);
      writeHex(right, nodeBytes, 33);
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
