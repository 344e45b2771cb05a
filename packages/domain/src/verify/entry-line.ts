import { SPAN, stringAt } from "./canonical-scan.ts";

/** Where the parts of an entry's line stand: offsets of values in the line's bytes, strings with their quotes. */
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
const CHAIN = codes("chain");
const ENTRY = codes("entry");
const HASH = codes("hash");
const KIND = codes("kind");
const PREV = codes("prev");
const SEQ = codes("seq");
const AUDIT_ID = codes("audit_id");
const STREAM = codes("stream");
const STREAM_PREV = codes("stream_prev");
const STREAM_SEQ = codes("stream_seq");
const TIMESTAMP = codes("timestamp");
const KIND_ENTRY = codes('"entry"');

type Name = readonly number[];

function codes(text: string): Name {
  return Array.from(text, (character) => character.charCodeAt(0));
}

/** Reads the places from a scanned line into `line`; false when it is no entry's line, or lacks what every entry has. */
export function readEntryLine(bytes: Uint8Array, spans: readonly number[], line: EntryLine): boolean {
  let outer = 0;
  line.auditId = line.stream = line.streamPrev = line.streamSeq = line.timestamp = 0;
  for (let index = 0; index < spans.length; index += SPAN) {
    const name = spans[index + 1] as number;
    const length = (spans[index + 2] as number) - name;
    const value = spans[index + 3] as number;
    const end = spans[index + 4] as number;
    const outermost = spans[index] === 0;
    if (
      outermost
        ? !outerMember(bytes, outer++, name, length, value, end, line)
        : !member(bytes, name, length, value, end, line)
    ) {
      return false;
    }
  }
  return (
    outer === 6 &&
    line.auditId > 0 &&
    line.stream > 0 &&
    line.streamPrev > 0 &&
    line.streamSeq > 0 &&
    line.timestamp > 0
  );
}

/** The members of a line come in one order only, since they are sorted and none is optional. */
function outerMember(
  bytes: Uint8Array,
  position: number,
  name: number,
  length: number,
  value: number,
  end: number,
  line: EntryLine,
): boolean {
  switch (position) {
    case 0:
      line.chain = value;
      return says(bytes, name, length, CHAIN) && isHash(bytes, value, end);
    case 1:
      line.entry = value;
      line.entryEnd = end;
      return says(bytes, name, length, ENTRY) && bytes[value] === 0x7b;
    case 2:
      line.hash = value;
      return says(bytes, name, length, HASH) && isHash(bytes, value, end);
    case 3:
      return says(bytes, name, length, KIND) && says(bytes, value, end - value, KIND_ENTRY);
    case 4:
      line.prev = value;
      return says(bytes, name, length, PREV) && isHash(bytes, value, end);
    case 5:
      line.seq = positive(bytes, value, end);
      return says(bytes, name, length, SEQ) && line.seq > 0;
    default:
      return false;
  }
}

/** A member of the entry itself: false only when one of those the verifier needs has no fitting value. */
function member(bytes: Uint8Array, name: number, length: number, value: number, end: number, line: EntryLine): boolean {
  if (says(bytes, name, length, AUDIT_ID)) {
    line.auditId = value;
    line.auditIdEnd = end;
    return bytes[value] === QUOTE;
  }
  if (says(bytes, name, length, STREAM)) {
    line.stream = value;
    line.streamEnd = end;
    return bytes[value] === QUOTE && end - value <= LONGEST_STREAM;
  }
  if (says(bytes, name, length, STREAM_PREV)) {
    line.streamPrev = value;
    return isHash(bytes, value, end);
  }
  if (says(bytes, name, length, STREAM_SEQ)) {
    line.streamSeq = positive(bytes, value, end);
    return line.streamSeq > 0;
  }
  if (says(bytes, name, length, TIMESTAMP)) {
    line.timestamp = value;
    line.timestampEnd = end;
    return bytes[value] === QUOTE;
  }
  return true;
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

/** Whether the string value at `value` is this hash in hex. */
export function isHex(bytes: Uint8Array, value: number, hex: string): boolean {
  for (let index = 0; index < 64; index++) if (bytes[value + 1 + index] !== hex.charCodeAt(index)) return false;
  return true;
}

/** Shown id and stream of the entry on a line that was read, as far as they are there. */
export function whoseEntry(bytes: Uint8Array, line: EntryLine): { auditId: string; stream: string } {
  return {
    auditId: stringAt(bytes, line.auditId, line.auditIdEnd),
    stream: stringAt(bytes, line.stream, line.streamEnd),
  };
}
