import type { EntryLine } from "./entry-line.ts";

const QUOTE = 0x22;
const ZERO = 0x30;
const HASH = 64;
/** Longest name of a stream, in characters; the line of a longer one has to be scanned. */
const LONGEST_NAME = 200;
/** A timestamp as every entry has it, with six digits of fraction. */
const TIME = 27;

const SHORTEST = 512;

const HEAD = fixed('{"entry":{');
const BEFORE_HASH = fixed(',"hash":"');
const BEFORE_PREV = fixed('","kind":"entry","prev":"');
const BEFORE_SEQ = fixed('","seq":');
const BEFORE_STREAM = fixed(',"stream":"');
const BEFORE_STREAM_PREV = fixed('","stream_prev":"');
const BEFORE_STREAM_SEQ = fixed('","stream_seq":');
const BEFORE_TIME = fixed(',"timestamp":"');

/** 1 for the characters of a stream's name. */
const IN_NAME = new Uint8Array(256);
for (const code of codes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:._-")) IN_NAME[code] = 1;

function codes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A fixed text as numbers of four characters each; the last one overlaps the one before where they do not come out even. */
interface Fixed {
  readonly length: number;
  readonly words: Int32Array;
  readonly last: number;
}

function fixed(text: string): Fixed {
  const view = new DataView(codes(text).buffer);
  const { length } = text;
  const words = Int32Array.from({ length: Math.floor((length - 1) / 4) }, (_, word) => view.getInt32(word * 4));
  return { length, words, last: view.getInt32(length - 4) };
}

/**
 * Reads an entry's line of format 2 that stands at [start, end) from its two ends, where everything the verifier needs has its
 * fixed place in the canonical form. False for any other line, also for a good one with members after the timestamp: those have
 * to be scanned. What stands between the ends is left to the entry's hash; should a member occur there too, it is the last one
 * that a reader of JSON takes, as is done here.
 */
export function readEntryEnds(bytes: Uint8Array, view: DataView, start: number, end: number, line: EntryLine): boolean {
  // Shorter than this is no entry, and the places below would lie outside.
  if (end - start < SHORTEST || otherThan(view, start, HEAD) !== 0 || bytes[end - 1] !== 0x7d) return false;
  line.seq = numberBefore(bytes, end - 1);
  line.prev = end - 1 - digitsOf(line.seq) - BEFORE_SEQ.length - HASH;
  line.hash = line.prev - BEFORE_PREV.length - HASH;
  line.entry = start + HEAD.length - 1;
  line.entryEnd = line.hash - BEFORE_HASH.length;
  line.timestamp = line.entryEnd - 3 - TIME;
  line.timestampEnd = line.entryEnd - 1;
  const time = line.timestamp + 1 - BEFORE_TIME.length;
  if (time <= start || bytes[line.entryEnd - 1] !== 0x7d || bytes[line.entryEnd - 2] !== QUOTE) return false;
  line.streamSeq = numberBefore(bytes, time);
  line.streamPrev = time - digitsOf(line.streamSeq) - BEFORE_STREAM_SEQ.length - HASH;
  const name = line.streamPrev - BEFORE_STREAM_PREV.length;
  let before = name - 1;
  while (IN_NAME[bytes[before] as number] === 1 && name - before <= LONGEST_NAME) before -= 1;
  line.stream = before;
  line.streamEnd = name + 1;
  line.auditId = line.auditIdEnd = 0;
  const stream = before + 1 - BEFORE_STREAM.length;
  return (
    line.seq > 0 &&
    line.streamSeq > 0 &&
    stream > start &&
    (otherThan(view, stream, BEFORE_STREAM) |
      otherThan(view, name, BEFORE_STREAM_PREV) |
      otherThan(view, line.streamPrev + HASH, BEFORE_STREAM_SEQ) |
      otherThan(view, time, BEFORE_TIME) |
      otherThan(view, line.entryEnd, BEFORE_HASH) |
      otherThan(view, line.hash + HASH, BEFORE_PREV) |
      otherThan(view, line.prev + HASH, BEFORE_SEQ)) ===
      0
  );
}

/** Bits that are left where the text does not stand; looking at all of it and asking once is quicker than asking for each number. */
function otherThan(view: DataView, at: number, { last, length, words }: Fixed): number {
  let other = view.getInt32(at + length - 4) ^ last;
  for (let word = 0; word < words.length; word++) other |= view.getInt32(at + word * 4) ^ (words[word] as number);
  return other;
}

/** The positive whole number without leading zeros, of at most 15 digits, that ends before `end`; 0 when there is none. */
function numberBefore(bytes: Uint8Array, end: number): number {
  let number = 0;
  let power = 1;
  for (let at = end - 1; at >= end - 15; at--) {
    const digit = (bytes[at] as number) - ZERO;
    if (!(digit >= 0 && digit <= 9)) break;
    number += digit * power;
    power *= 10;
  }
  return number * 10 >= power ? number : 0;
}

function digitsOf(number: number): number {
  let digits = 1;
  for (let power = 10; power <= number; power *= 10) digits += 1;
  return digits;
}
