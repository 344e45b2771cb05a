import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { SealedHead } from "./sealed-head.ts";
import { binaryTree, type Sha256, wideTree, writeHash } from "./tree.ts";

const NOTHING_BEFORE = "0".repeat(64);

/** What a seal commits to, computed anew from the entry hashes. */
interface Commitment {
  /** What of a seal of this size is not as computed; null when all is. */
  differs(seal: SealedHead): "chain" | "root" | null;
}

/** The commitment of format 1, which also knows each entry's link. */
export interface Chain extends Commitment {
  add(entryHash: string): void;
  /** Hex chain hash of the entry added last; zeros before the first. */
  readonly link: string;
}

export function chainOf(sha256: Sha256): Chain {
  const prefix = utf8ToBytes("change-mgmt/chain/1\n");
  const bytes = new Uint8Array(prefix.length + 72);
  bytes.set(prefix);
  const seq = new DataView(bytes.buffer, prefix.length + 32, 8);
  const tree = binaryTree(sha256);
  let count = 0;
  let link = NOTHING_BEFORE;
  return {
    get link() {
      return link;
    },
    add(entryHash) {
      count += 1;
      writeHash(link, bytes, prefix.length);
      seq.setUint32(0, Math.floor(count / 2 ** 32));
      seq.setUint32(4, count % 2 ** 32);
      writeHash(entryHash, bytes, prefix.length + 40);
      link = sha256(bytes);
      tree.add(entryHash);
    },
    differs: (seal) => (seal.chain !== link ? "chain" : seal.root !== tree.root() ? "root" : null),
  };
}

/** The commitment of format 2. */
export interface Root extends Commitment {
  /** Adds the entry whose hash in hex stands at `at`. */
  addText(view: DataView, at: number): void;
}

export function rootOf(sha256: Sha256): Root {
  const { addText, root } = wideTree(sha256);
  return { addText, differs: (seal) => (seal.root === root() ? null : "root") };
}
