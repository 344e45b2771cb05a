import { utf8ToBytes } from "@noble/hashes/utils.js";
import { CanonicalScanner, memberOf, stringAt } from "./canonical-scan.ts";
import { type Chain, chainOf, type Root, rootOf } from "./commitments.ts";
import { readEntryEnds } from "./entry-ends.ts";
import { blankEntryLine, type EntryLine, readEntryLine, whoseEntry } from "./entry-line.ts";
import { isHashText, isHex, NO_HASH_TEXT, readHashText } from "./hash-text.ts";
import { type Format, formatOf, type SealedHead } from "./sealed-head.ts";
import { Streams } from "./streams.ts";
import type { Sha256 } from "./tree.ts";
import { type NotVerified, notVerified, type VerdictCode } from "./verdict.ts";

const NOTHING_BEFORE = "0".repeat(64);

/** Follows the entries of an export: each one's hash, its links in trail and stream, and what seals commit to. */
export interface EntryFollower {
  readonly count: number;
  readonly firstTime: string | null;
  /** Hex hash of the trail's end: the last entry's chain hash in format 1, its own in format 2; zeros before the first. */
  head(): string;
  lastTime(): string | null;
  /** Shown id and stream of the last good entry; empty before the first. */
  lastEntry(): { auditId?: string; stream?: string };
  /** What of a seal over the entries so far is not as computed from them; null when all is. Its format must be among the expected ones. */
  differs(seal: SealedHead): "chain" | "root" | null;
  /**
   * Takes the line at [start, end) if it is a good entry by what stands at its ends and by its hash; false when it took nothing and
   * the line has to be scanned, which also tells what is wrong with it.
   */
  takeQuickly(bytes: Uint8Array, start: number, end: number): boolean;
  /** Takes a scanned canonical line: what is wrong with it, "not-an-entry", or null when it is good. */
  take(scanned: CanonicalScanner, lineNumber: number): NotVerified | "not-an-entry" | null;
}

interface Fault {
  readonly code: VerdictCode;
  readonly sentence: string;
}

/** A follower of an export in this format; seals of the `expected` formats can be held against it besides. */
export function followEntries(sha256: Sha256, format: Format, expected: readonly Format[]): EntryFollower {
  const entryPrefix = utf8ToBytes("change-mgmt/entry/1\n");
  // Buffers are reused from line to line; the last good entry stays readable in `hashed`.
  let hashed = new Uint8Array(4096);
  hashed.set(entryPrefix);

  const chain: Chain | null = format === 1 || expected.includes(1) ? chainOf(sha256) : null;
  const root: Root | null = format === 2 || expected.includes(2) ? rootOf(sha256) : null;
  const streams = new Streams();
  let line = blankEntryLine();
  let last = blankEntryLine();
  let count = 0;
  let lastHash = NOTHING_BEFORE;
  const lastHashText = Int32Array.from(NO_HASH_TEXT);
  let firstTime: string | null = null;
  // The piece that lines are taken from, without what a Buffer adds and makes slow.
  let seen: Uint8Array | null = null;
  let plain: Uint8Array = new Uint8Array();
  let view: DataView = new DataView(plain.buffer);

  function hashEntry(bytes: Uint8Array, start: number, end: number): string {
    const hashedLength = entryPrefix.length + end - start;
    if (hashed.length < hashedLength) {
      hashed = new Uint8Array(hashedLength * 2);
      hashed.set(entryPrefix);
    }
    hashed.set(bytes.subarray(start, end), entryPrefix.length);
    return sha256(hashed.subarray(0, hashedLength));
  }

  /** Whether the line names the entry before it, and in format 1 its own link; computes that link. */
  function linkFault(bytes: Uint8Array, view: DataView, at: EntryLine, hash: string): string | null {
    const follows =
      format === 1 ? isHex(bytes, at.prev, (chain as Chain).link) : isHashText(view, at.prev, lastHashText);
    if (!follows) return "does not follow the entry before it";
    if (format === 2) return null;
    (chain as Chain).add(hash);
    return isHex(bytes, at.chain, (chain as Chain).link) ? null : "is not the one that was linked into the chain here";
  }

  /** What is wrong with the line that was read; null when nothing is, and then the entry is taken. */
  function faultOf(bytes: Uint8Array, view: DataView): Fault | null {
    const due = count + 1;
    const hash = hashEntry(bytes, line.entry, line.entryEnd);
    if (!isHex(bytes, line.hash, hash)) return { code: "ENTRY_ALTERED", sentence: "is not what was sealed" };
    if (line.seq !== due) return { code: "SEQUENCE_GAP", sentence: "" };
    const fault = linkFault(bytes, view, line, hash);
    if (fault !== null) return { code: "CHAIN_BROKEN", sentence: fault };
    const { stream, streamEnd, streamSeq, streamPrev } = line;
    const stray = streams.take(bytes, view, stream, streamEnd, streamSeq, streamPrev, line.hash);
    if (stray !== null) {
      const instead = stray.numbered ? "does not follow the one before it" : `stands where entry ${stray.due} is due`;
      return { code: "STREAM_BROKEN", sentence: instead };
    }
    root?.addText(bytes, line.hash);
    if (format === 2) chain?.add(hash);
    readHashText(view, line.hash, lastHashText);
    lastHash = hash;
    count = due;
    return null;
  }

  function inWords({ code, sentence }: Fault, lineNumber: number): string {
    const due = count + 1;
    if (code === "STREAM_BROKEN") return `Entry ${line.streamSeq} of its stream ${sentence}.`;
    if (code !== "SEQUENCE_GAP") return `Entry ${due} ${sentence}.`;
    const found = `line ${lineNumber} holds entry ${line.seq}`;
    return line.seq > due ? `Entry ${due} is missing: ${found}.` : `Entry ${due} is due, but ${found} once more.`;
  }

  /** The line just read becomes the last good one; the other's places are free for the next line. */
  function taken(): void {
    [line, last] = [last, line];
    if (count === 1) firstTime = kept(last.timestamp, last.timestampEnd);
  }

  /** A string of the last good entry, given where it stood in its line. */
  function kept(start: number, end: number): string {
    const shift = entryPrefix.length - last.entry;
    return stringAt(hashed, start + shift, end + shift);
  }

  /** The last good entry's shown id, which lies between its ends and is looked for when it is asked for. */
  function auditIdKept(): { auditId?: string } {
    const scanner = new CanonicalScanner();
    if (!scanner.scanFrom(hashed, entryPrefix.length)) return {};
    const auditId = memberOf(scanner, "audit_id");
    return auditId === undefined ? {} : { auditId };
  }

  return {
    get count() {
      return count;
    },
    get firstTime() {
      return firstTime;
    },
    head: () => (format === 1 ? (chain as Chain).link : lastHash),
    differs: (seal) => ((formatOf(seal) === 1 ? chain : root) as Chain | Root).differs(seal),
    lastTime: () => (count === 0 ? null : kept(last.timestamp, last.timestampEnd)),
    lastEntry: () => (count === 0 ? {} : { ...auditIdKept(), stream: kept(last.stream, last.streamEnd) }),
    takeQuickly(bytes, start, end) {
      if (format !== 2) return false;
      if (seen !== bytes) {
        seen = bytes;
        plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
        view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      }
      if (!readEntryEnds(plain, view, start, end, line) || faultOf(plain, view) !== null) return false;
      taken();
      return true;
    },
    take(scanned, lineNumber) {
      if (!readEntryLine(scanned, format, line)) return "not-an-entry";
      const fault = faultOf(scanned.bytes, scanned.view);
      if (fault !== null) {
        const place = { line: lineNumber, seq: count + 1, ...whoseEntry(scanned.bytes, line) };
        return notVerified(fault.code, inWords(fault, lineNumber), place);
      }
      taken();
      return null;
    },
  };
}
