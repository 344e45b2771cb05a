import { utf8ToBytes } from "@noble/hashes/utils.js";
import { stringAt } from "./canonical-scan.ts";
import { blankEntryLine, isHex, readEntryLine, whoseEntry } from "./entry-line.ts";
import { type GrowingTree, growingTree, type Sha256, writeHash } from "./tree.ts";
import { type NotVerified, notVerified, type VerdictCode } from "./verdict.ts";

const NOTHING_BEFORE = "0".repeat(64);

/** Follows the entries of an export: each one's hash, its links in trail and stream, and the tree over all. */
export interface EntryFollower {
  readonly count: number;
  /** Hex chain hash of the last good entry. */
  readonly chain: string;
  readonly firstTime: string | null;
  root(): string;
  lastTime(): string | null;
  /** Shown id and stream of the last good entry; empty before the first. */
  lastEntry(): { auditId?: string; stream?: string };
  /** Takes a canonical line with its scanned spans: what is wrong with it, "not-an-entry", or null when it is good. */
  take(bytes: Uint8Array, spans: readonly number[], lineNumber: number): NotVerified | "not-an-entry" | null;
}

export function followEntries(sha256: Sha256): EntryFollower {
  const entryPrefix = utf8ToBytes("change-mgmt/entry/1\n");
  const chainPrefix = utf8ToBytes("change-mgmt/chain/1\n");
  // Buffers are reused from line to line; the last good entry stays readable in `hashed`.
  let hashed = new Uint8Array(4096);
  hashed.set(entryPrefix);
  const link = new Uint8Array(chainPrefix.length + 72);
  link.set(chainPrefix);
  const linkSeq = new DataView(link.buffer, chainPrefix.length + 32, 8);

  const tree: GrowingTree = growingTree(sha256);
  const streams = new Map<string, { seq: number; hash: string }>();
  let line = blankEntryLine();
  let last = blankEntryLine();
  let count = 0;
  let chain = NOTHING_BEFORE;
  let firstTime: string | null = null;

  function hashEntry(bytes: Uint8Array, start: number, end: number): string {
    const hashedLength = entryPrefix.length + end - start;
    if (hashed.length < hashedLength) {
      hashed = new Uint8Array(hashedLength * 2);
      hashed.set(entryPrefix);
    }
    hashed.set(bytes.subarray(start, end), entryPrefix.length);
    return sha256(hashed.subarray(0, hashedLength));
  }

  function hashLink(hash: string): string {
    writeHash(chain, link, chainPrefix.length);
    linkSeq.setUint32(0, Math.floor((count + 1) / 2 ** 32));
    linkSeq.setUint32(4, (count + 1) % 2 ** 32);
    writeHash(hash, link, chainPrefix.length + 40);
    return sha256(link);
  }

  /** The stream's name as its bytes stand in the line: quick to make, and different for different names. */
  function streamKey(bytes: Uint8Array): string {
    return String.fromCharCode.apply(null, bytes.subarray(line.stream, line.streamEnd) as unknown as number[]);
  }

  function faultOf(bytes: Uint8Array, lineNumber: number): NotVerified | null {
    const due = count + 1;
    const wrong = (code: VerdictCode, message: string) =>
      notVerified(code, message, { line: lineNumber, seq: due, ...whoseEntry(bytes, line) });

    const hash = hashEntry(bytes, line.entry, line.entryEnd);
    if (!isHex(bytes, line.hash, hash)) return wrong("ENTRY_ALTERED", `Entry ${due} is not what was sealed.`);
    if (line.seq !== due) {
      const found = `line ${lineNumber} holds entry ${line.seq}`;
      if (line.seq > due) return wrong("SEQUENCE_GAP", `Entry ${due} is missing: ${found}.`);
      return wrong("SEQUENCE_GAP", `Entry ${due} is due, but ${found} once more.`);
    }
    if (!isHex(bytes, line.prev, chain)) {
      return wrong("CHAIN_BROKEN", `Entry ${due} does not follow the entry before it.`);
    }
    const next = hashLink(hash);
    if (!isHex(bytes, line.chain, next)) {
      return wrong("CHAIN_BROKEN", `Entry ${due} is not the one that was linked into the chain here.`);
    }
    const key = streamKey(bytes);
    const stream = streams.get(key);
    const before = stream?.seq ?? 0;
    if (line.streamSeq !== before + 1) {
      return wrong("STREAM_BROKEN", `Entry ${line.streamSeq} of its stream stands where entry ${before + 1} is due.`);
    }
    if (!isHex(bytes, line.streamPrev, stream?.hash ?? NOTHING_BEFORE)) {
      return wrong("STREAM_BROKEN", `Entry ${line.streamSeq} of its stream does not follow the one before it.`);
    }
    if (stream === undefined) streams.set(key, { seq: 1, hash });
    else {
      stream.seq += 1;
      stream.hash = hash;
    }
    tree.add(hash);
    chain = next;
    count = due;
    return null;
  }

  /** A string of the last good entry, given where it stood in its line. */
  function kept(start: number, end: number): string {
    const shift = entryPrefix.length - last.entry;
    return stringAt(hashed, start + shift, end + shift);
  }

  return {
    get count() {
      return count;
    },
    get chain() {
      return chain;
    },
    get firstTime() {
      return firstTime;
    },
    root: tree.root,
    lastTime: () => (count === 0 ? null : kept(last.timestamp, last.timestampEnd)),
    lastEntry: () =>
      count === 0 ? {} : { auditId: kept(last.auditId, last.auditIdEnd), stream: kept(last.stream, last.streamEnd) },
    take(bytes, spans, lineNumber) {
      if (!readEntryLine(bytes, spans, line)) return "not-an-entry";
      const fault = faultOf(bytes, lineNumber);
      if (fault !== null) return fault;
      // The line just read becomes the last good one; the other's places are free for the next line.
      [line, last] = [last, line];
      if (count === 1) firstTime = kept(last.timestamp, last.timestampEnd);
      return null;
    },
  };
}
