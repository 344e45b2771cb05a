import { CanonicalScanner, memberOf, stringAt } from "./canonical-scan.ts";
import { type Chain, chainOf, type Root, rootOf } from "./commitments.ts";
import { readEntryEnds } from "./entry-ends.ts";
import { EntryHashes, PREFIX_LENGTH } from "./entry-hashes.ts";
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
  /** The piece of the export that lines can be taken from quickly, whose memory stays as it is until the next. */
  piece(bytes: Uint8Array): void;
  /**
   * Takes the line at [start, end) of the piece if it is a good entry by what stands at its ends and by its hash; false when it took
   * nothing and the line has to be scanned, which also tells what is wrong with it.
   */
  takeQuickly(start: number, end: number): boolean;
  /** Takes a scanned canonical line: what is wrong with it, "not-an-entry", or null when it is good. */
  take(scanned: CanonicalScanner, lineNumber: number): NotVerified | "not-an-entry" | null;
}

interface Fault {
  readonly code: VerdictCode;
  readonly sentence: string;
}

/** A follower of an export in this format; seals of the `expected` formats can be held against it besides. */
export function followEntries(sha256: Sha256, format: Format, expected: readonly Format[]): EntryFollower {
  const hashes = new EntryHashes(sha256);
  const chain: Chain | null = format === 1 || expected.includes(1) ? chainOf(sha256) : null;
  const root: Root | null = format === 2 || expected.includes(2) ? rootOf(sha256) : null;
  const streams = new Streams();
  let line = blankEntryLine();
  let last = blankEntryLine();
  let count = 0;
  let lastHash = NOTHING_BEFORE;
  const lastHashText = Int32Array.from(NO_HASH_TEXT);
  let firstTime: string | null = null;
  // Where the last good entry can still be read, so many bytes further on than in its line.
  let lastIn: Uint8Array = new Uint8Array();
  let lastShift = 0;

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
  function faultOf(bytes: Uint8Array, view: DataView, hash: string): Fault | null {
    const due = count + 1;
    if (!isHex(bytes, line.hash, hash)) return { code: "ENTRY_ALTERED", sentence: "is not what was sealed" };
    if (line.seq !== due) return { code: "SEQUENCE_GAP", sentence: "" };
    const fault = linkFault(bytes, view, line, hash);
    if (fault !== null) return { code: "CHAIN_BROKEN", sentence: fault };
    const { stream, streamEnd, streamSeq, streamPrev } = line;
    const stray = streams.take(view, stream, streamEnd, streamSeq, streamPrev, line.hash);
    if (stray !== null) {
      const instead = stray.numbered ? "does not follow the one before it" : `stands where entry ${stray.due} is due`;
      return { code: "STREAM_BROKEN", sentence: instead };
    }
    root?.addText(view, line.hash);
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
  function taken(readable: Uint8Array, shift: number): void {
    [line, last] = [last, line];
    lastIn = readable;
    lastShift = shift;
    if (count === 1) firstTime = kept(last.timestamp, last.timestampEnd);
  }

  /** Moves the last good entry out of the copy, which is about to be another one. */
  function keepLast(): void {
    if (lastIn !== hashes.copy) return;
    lastIn = lastIn.slice(last.entry, last.entryEnd);
    lastShift = -last.entry;
  }

  /** A string of the last good entry, given where it stood in its line. */
  function kept(start: number, end: number): string {
    return stringAt(lastIn, start + lastShift, end + lastShift);
  }

  /** The last good entry's shown id, which lies between its ends and is looked for when it is asked for. */
  function auditIdKept(): { auditId?: string } {
    const scanner = new CanonicalScanner();
    if (!scanner.scanFrom(lastIn, last.entry + lastShift)) return {};
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
    piece: (bytes) => hashes.from(bytes),
    takeQuickly(start, end) {
      if (format !== 2) return false;
      if (!hashes.has(end)) {
        keepLast();
        hashes.take(start, end);
      }
      const { copy, view, shift } = hashes;
      if (!readEntryEnds(copy, view, start + shift, end + shift, line)) return false;
      if (faultOf(copy, view, hashes.inCopy(line.entry, line.entryEnd)) !== null) return false;
      taken(copy, 0);
      return true;
    },
    take(scanned, lineNumber) {
      if (!readEntryLine(scanned, format, line)) return "not-an-entry";
      const { bytes, view } = scanned;
      const fault = faultOf(bytes, view, hashes.of(bytes, line.entry, line.entryEnd));
      if (fault !== null) {
        const place = { line: lineNumber, seq: count + 1, ...whoseEntry(bytes, line) };
        return notVerified(fault.code, inWords(fault, lineNumber), place);
      }
      taken(hashes.single, PREFIX_LENGTH - line.entry);
      return null;
    },
  };
}
