import { type CanonicalScanner, SPAN, stringAt } from "./canonical-scan.ts";
import type { Format } from "./sealed-head.ts";

/** Where the parts of an entry's line stand: offsets of values in the scanned bytes, strings with their quotes, hashes without. */
export interface EntryLine {
  chain: number;
  entry: number;
  entryEnd: number;
  hash: number;
  prev: number;
  seq: number;
  auditId: number;
  auditIdEnd: number;
  stream: number;
  streamEnd: number;
  streamPrev: number;
  streamSeq: number;
  timestamp: number;
  timestampEnd: number;
}

/** An EntryLine to read lines into, one after the other. */
export function blankEntryLine(): EntryLine {
  return {
    chain: 0,
    entry: 0,
    entryEnd: 0,
    hash: 0,
    prev: 0,
    seq: 0,
    auditId: 0,
    auditIdEnd: 0,
    stream: 0,
    streamEnd: 0,
    streamPrev: 0,
    streamSeq: 0,
    timestamp: 0,
    timestampEnd: 0,
  };
}

const QUOTE = 0x22;
/** Longest name of a stream, in bytes. */
const LONGEST_STREAM = 1024;
const KIND_ENTRY = codes('"entry"');
/** The names of a line's own members, in the one order they can stand in, since they are sorted and none is optional. */
const OUTER: Readonly<Record<Format, readonly Name[]>> = {
  1: ["chain", "entry", "hash", "kind", "prev", "seq"].map(codes),
  2: ["entry", "hash", "kind", "prev", "seq"].map(codes),
};
const AUDIT_ID = codes("audit_id");
const STREAM = codes("stream");
const STREAM_PREV = codes("stream_prev");
const STREAM_SEQ = codes("stream_seq");
const TIMESTAMP = codes("timestamp");

type Name = readonly number[];

function codes(text: string): Name {
  return Array.from(text, (character) => character.charCodeAt(0));
}

/** Reads the places from a scanned line into `line`; false when it is no entry's line of this format, or lacks what every entry has. */
export function readEntryLine(scanned: CanonicalScanner, format: Format, line: EntryLine): boolean {
  const { bytes, spans, spansEnd } = scanned;
  const names = OUTER[format];
  let outer = 0;
  line.auditId = line.stream = line.streamPrev = line.streamSeq = line.timestamp = 0;
  for (let index = 0; index < spansEnd; index += SPAN) {
    const name = spans[index + 1] as number;
    const length = (spans[index + 2] as number) - name;
    const value = spans[index + 3] as number;
    const end = spans[index + 4] as number;
    if (spans[index] !== 0) {
      if (!member(bytes, name, length, value, end, line)) return false;
      continue;
    }
    if (outer === names.length || !says(bytes, name, length, names[outer] as Name)) return false;
    // Format 2 is format 1 without its first member.
    if (!outerMember(bytes, outer + 6 - names.length, value, end, line)) return false;
    outer += 1;
  }
  return (
    outer === names.length &&
    line.auditId > 0 &&
    line.stream > 0 &&
    line.streamPrev > 0 &&
    line.streamSeq > 0 &&
    line.timestamp > 0
  );
}

function outerMember(bytes: Uint8Array, position: number, value: number, end: number, line: EntryLine): boolean {
  switch (position) {
    case 0:
      line.chain = value + 1;
      return isHash(bytes, value, end);
    case 1:
      line.entry = value;
      line.entryEnd = end;
      return bytes[value] === 0x7b;
    case 2:
      line.hash = value + 1;
      return isHash(bytes, value, end);
    case 3:
      return says(bytes, value, end - value, KIND_ENTRY);
    case 4:
      line.prev = value + 1;
      return isHash(bytes, value, end);
    default:
      line.seq = positive(bytes, value, end);
      return line.seq > 0;
  }
}

/** A member of the entry itself: false only when one of those the verifier needs has no fitting value. */
function member(bytes: Uint8Array, name: number, length: number, value: number, end: number, line: EntryLine): boolean {
  switch (length) {
    case 6:
      if (!says(bytes, name, length, STREAM)) return true;
      line.stream = value;
      line.streamEnd = end;
      return bytes[value] === QUOTE && end - value <= LONGEST_STREAM;
    case 8:
      if (!says(bytes, name, length, AUDIT_ID)) return true;
      line.auditId = value;
      line.auditIdEnd = end;
      return bytes[value] === QUOTE;
    case 9:
      if (!says(bytes, name, length, TIMESTAMP)) return true;
      line.timestamp = value;
      line.timestampEnd = end;
      return bytes[value] === QUOTE;
    case 10:
      if (!says(bytes, name, length, STREAM_SEQ)) return true;
      line.streamSeq = positive(bytes, value, end);
      return line.streamSeq > 0;
    case 11:
      if (!says(bytes, name, length, STREAM_PREV)) return true;
      line.streamPrev = value + 1;
      return isHash(bytes, value, end);
    default:
      return true;
  }
}

function says(bytes: Uint8Array, start: number, length: number, expected: Name): boolean {
  if (length !== expected.length) return false;
  for (let index = 0; index < length; index++) if (bytes[start + index] !== expected[index]) return false;
  return true;
}

/** Whether a string of 64 characters stands there; that they are the right ones shows when they are compared. */
function isHash(bytes: Uint8Array, value: number, end: number): boolean {
  return end - value === 66 && bytes[value] === QUOTE;
}

/** The positive whole number that stands there, 0 for anything else. */
function positive(bytes: Uint8Array, value: number, end: number): number {
  let number = 0;
  for (let at = value; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return 0;
    number = number * 10 + digit;
  }
  return Number.isSafeInteger(number) ? number : 0;
}

/** Shown id and stream of the entry on a line that was read, as far as they are there. */
export function whoseEntry(bytes: Uint8Array, line: EntryLine): { auditId: string; stream: string } {
  return {
    auditId: stringAt(bytes, line.auditId, line.auditIdEnd),
    stream: stringAt(bytes, line.stream, line.streamEnd),
  };
}
