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

/** The binary tree of RFC 6962 that seals of format 1 are over. */
export function binaryTree(sha256: Sha256): GrowingTree {
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

/** How many children a complete node of the wide tree has. */
export const WIDTH = 16;

interface OpenNode {
  readonly node: Uint8Array;
  children: number;
}

/** A wide tree that grows by entries or by whole subtrees. */
export interface WideTree {
  /** Adds the entry whose hash stands at `at` as 64 characters: lower-case hex, which the caller has seen to. */
  addText(view: DataView, at: number): void;
  /** Adds a complete subtree of WIDTH ** level entries where one is due: the entries so far must be a multiple of that. */
  addSubtree(hash: string, level: number): void;
  /** Hex root of what was added so far. */
  root(): string;
}

/**
 * The tree that seals of format 2 are over. Its leaves are the entry hashes themselves; a node is SHA-256 of 0x01 and its children,
 * WIDTH of them or, at the right edge, two or more; an only child takes the place of its node.
 */
export function wideTree(sha256: Sha256): WideTree {
  // Of each level the children of the node that is not complete yet, behind the 0x01 they are hashed with.
  const open: OpenNode[] = [];

  function openAt(level: number): OpenNode {
    while (open.length <= level) open.push({ node: Uint8Array.of(1, ...new Uint8Array(WIDTH * 32)), children: 0 });
    return open[level] as OpenNode;
  }

  function added(at: OpenNode, level: number): void {
    at.children += 1;
    if (at.children < WIDTH) return;
    at.children = 0;
    addSubtree(sha256(at.node), level + 1);
  }

  function addSubtree(hash: string, level: number): void {
    const at = openAt(level);
    writeHash(hash, at.node, 1 + at.children * 32);
    added(at, level);
  }

  return {
    addSubtree,
    addText(view, at) {
      const leaves = openAt(0);
      const { node } = leaves;
      let into = 1 + leaves.children * 32;
      // Four characters at a time: the values of the digits side by side, a letter's being nine more than its lowest four bits.
      for (let from = at; from < at + 64; from += 4) {
        const text = view.getInt32(from);
        const digits = (text & 0x0f0f0f0f) + ((text >>> 6) & 0x01010101) * 9;
        const pairs = digits | (digits >>> 4);
        node[into++] = pairs >>> 16;
        node[into++] = pairs;
      }
      added(leaves, 0);
    },
    root() {
      let below = "";
      for (const { node, children } of open) {
        if (children === 0) continue;
        const edge = node.slice();
        if (below !== "") writeHash(below, edge, 1 + children * 32);
        const all = children + (below === "" ? 0 : 1);
        below = all === 1 ? hexAt(edge, 1) : sha256(edge.subarray(0, 1 + all * 32));
      }
      return below || sha256(new Uint8Array());
    },
  };
}

function hexAt(bytes: Uint8Array, offset: number): string {
  let hex = "";
  for (let at = offset; at < offset + 32; at++) hex += (bytes[at] as number).toString(16).padStart(2, "0");
  return hex;
}
