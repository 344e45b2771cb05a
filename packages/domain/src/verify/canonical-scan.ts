import { sequenceLength, textOf } from "./utf8.ts";

const DEEPEST = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
/** What is left, as Latin-1, of a line that was cut inside an escape or inside a character. */
const CUT_SHORT = /^(?:\\(?:u(?:0(?:0[01]?)?)?)?|[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})$/;
const ESCAPABLE: ReadonlySet<number> = new Set(Array.from('"\\bfnrt', (character) => character.charCodeAt(0)));

/** Numbers kept of each member: depth of its object (0 or 1), start and end of its name without quotes, start and end of its value. */
export const SPAN = 5;

/**
 * Reads canonical JSON (UTF-8 bytes) without building its value, and remembers where the members of the outermost object and of
 * the objects directly in it stand. One scanner serves many lines, one after the other.
 */
export class CanonicalScanner {
  /** SPAN numbers for each member, an object's own members before it; only the first `spansEnd` numbers count. */
  spans: Int32Array = new Int32Array(64 * SPAN);
  spansEnd = 0;
  /** Where the object ends; after a refusal the offset of the first byte that is wrong, or the length when the bytes ended too early. */
  at = 0;
  /** What was scanned last, and a view of it. */
  bytes: Uint8Array = new Uint8Array();
  view: DataView = new DataView(this.bytes.buffer);
  #plain = true;

  /** Whether the bytes are exactly the canonical form of one JSON object. */
  scan(bytes: Uint8Array): boolean {
    return this.scanFrom(bytes, 0) && this.at === bytes.length;
  }

  /** Whether the canonical form of one JSON object begins at `start`; it ends at `at`. */
  scanFrom(bytes: Uint8Array, start: number): boolean {
    if (this.bytes !== bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.spansEnd = 0;
    this.at = start;
    if (bytes[start] !== 0x7b) return false;
    const end = this.#object(start, 0);
    if (end < 0) return false;
    this.at = end;
    return true;
  }

  // Each of the following takes where its value begins and answers where it ends, or -1 after #wrong has said where it is not canonical.

  #wrong(at: number): -1 {
    this.at = at;
    return -1;
  }

  #value(at: number, depth: number): number {
    switch (this.bytes[at]) {
      case QUOTE:
        return this.#string(at);
      case 0x7b:
        return depth < DEEPEST ? this.#object(at, depth) : this.#wrong(at);
      case 0x5b:
        return depth < DEEPEST ? this.#list(at, depth) : this.#wrong(at);
      case 0x74:
        return this.#word(at, "true");
      case 0x66:
        return this.#word(at, "false");
      case 0x6e:
        return this.#word(at, "null");
      default:
        return this.#number(at);
    }
  }

  #object(start: number, depth: number): number {
    const bytes = this.bytes;
    let at = start + 1;
    if (bytes[at] === 0x7d) return at + 1;
    let before = -1;
    let beforeEnd = 0;
    let beforePlain = true;
    for (;;) {
      if (bytes[at] !== QUOTE) return this.#wrong(at);
      const name = at + 1;
      at = this.#string(at);
      if (at < 0) return -1;
      const nameEnd = at - 1;
      const plain = this.#plain;
      if (before >= 0) {
        const ascends =
          plain && beforePlain
            ? this.#below(before, beforeEnd, name, nameEnd)
            : this.#sorted(before, beforeEnd, name, nameEnd);
        if (!ascends) return this.#wrong(name);
      }
      before = name;
      beforeEnd = nameEnd;
      beforePlain = plain;
      if (bytes[at] !== 0x3a) return this.#wrong(at);
      const value = at + 1;
      at = bytes[value] === QUOTE ? this.#string(value) : this.#value(value, depth + 1);
      if (at < 0) return -1;
      if (depth < 2) this.#keep(depth, name, nameEnd, value, at);
      const next = bytes[at];
      if (next === 0x7d) return at + 1;
      if (next !== COMMA) return this.#wrong(at);
      at += 1;
    }
  }

  #keep(depth: number, name: number, nameEnd: number, value: number, end: number): void {
    const at = this.spansEnd;
    if (at === this.spans.length) {
      const larger = new Int32Array(at * 2);
      larger.set(this.spans);
      this.spans = larger;
    }
    const spans = this.spans;
    spans[at] = depth;
    spans[at + 1] = name;
    spans[at + 2] = nameEnd;
    spans[at + 3] = value;
    spans[at + 4] = end;
    this.spansEnd = at + SPAN;
  }

  #list(start: number, depth: number): number {
    const bytes = this.bytes;
    let at = start + 1;
    if (bytes[at] === 0x5d) return at + 1;
    for (;;) {
      at = this.#value(at, depth + 1);
      if (at < 0) return -1;
      const next = bytes[at];
      if (next === 0x5d) return at + 1;
      if (next !== COMMA) return this.#wrong(at);
      at += 1;
    }
  }

  #string(start: number): number {
    const at = this.#plainRun(start + 1);
    this.#plain = this.bytes[at] === QUOTE;
    return this.#plain ? at + 1 : this.#specialString(at);
  }

  /** Where the run of bytes ends that stand for themselves: ASCII without control characters, quote and backslash. */
  #plainRun(start: number): number {
    const view = this.view;
    const lastWord = view.byteLength - 4;
    let at = start;
    // Four bytes at a time: each of the differences sets a byte's highest bit when that byte is special, and the lowest one set is exact.
    while (at <= lastWord) {
      const word = view.getInt32(at, true);
      const special =
        ((word - 0x20202020) | ((word ^ 0x22222222) - 0x01010101) | ((word ^ 0x5c5c5c5c) - 0x01010101) | word) &
        0x80808080;
      if (special !== 0) return at + ((31 - Math.clz32(special & -special)) >> 3);
      at += 4;
    }
    const bytes = this.bytes;
    while (at < bytes.length && isPlain(bytes[at] as number)) at += 1;
    return at;
  }

  #specialString(start: number): number {
    const bytes = this.bytes;
    let at = start;
    while (bytes[at] !== QUOTE) {
      const length = this.#specialLength(bytes[at], at);
      if (length === 0) {
        const rest = String.fromCharCode(...bytes.subarray(at, at + 7));
        return this.#wrong(CUT_SHORT.test(rest) ? bytes.length : at);
      }
      at = this.#plainRun(at + length);
    }
    return at + 1;
  }

  /** Length of an escape or of a character beyond ASCII; 0 for whatever may not stand in a string. */
  #specialLength(byte: number | undefined, at: number): number {
    if (byte === undefined || byte < 0x20) return 0;
    return byte === BACKSLASH ? this.#escapeLength(at) : sequenceLength(this.bytes, at);
  }

  /** Only what must be escaped is, in its shortest form, control characters without one as \u00xx in lower case. */
  #escapeLength(at: number): number {
    const bytes = this.bytes;
    if (ESCAPABLE.has(bytes[at + 1] as number)) return 2;
    const written = String.fromCharCode(...bytes.subarray(at, at + 6));
    return /^\\u00(?:0[0-7be-f]|1[0-9a-f])$/.test(written) ? 6 : 0;
  }

  #word(start: number, word: string): number {
    for (let index = 0; index < word.length; index++) {
      if (this.bytes[start + index] !== word.charCodeAt(index)) return this.#wrong(start + index);
    }
    return start + word.length;
  }

  #number(start: number): number {
    const bytes = this.bytes;
    let end = start;
    let digitsOnly = true;
    for (;;) {
      const byte = bytes[end];
      if (byte === undefined) break;
      const digit = byte >= 0x30 && byte <= 0x39;
      // + - . E e
      if (!digit && byte !== 0x2b && byte !== 0x2d && byte !== 0x2e && byte !== 0x45 && byte !== 0x65) break;
      digitsOnly &&= digit;
      end += 1;
    }
    const length = end - start;
    const short = digitsOnly && length > 0 && length < 16 && (bytes[start] !== 0x30 || length === 1);
    if (!short) {
      const text = textOf(bytes, start, end);
      // A number that was cut off looks wrong only because the line ended.
      if (length === 0 || String(Number(text)) !== text) return this.#wrong(end === bytes.length ? end : start);
    }
    return end;
  }

  /** Whether the first plain ASCII name sorts strictly before the second. */
  #below(a: number, aEnd: number, b: number, bEnd: number): boolean {
    const bytes = this.bytes;
    const shared = Math.min(aEnd - a, bEnd - b);
    for (let index = 0; index < shared; index++) {
      const difference = (bytes[a + index] as number) - (bytes[b + index] as number);
      if (difference !== 0) return difference < 0;
    }
    return aEnd - a < bEnd - b;
  }

  /** The same for any names: by UTF-16 code unit, which is not the order of their bytes. */
  #sorted(a: number, aEnd: number, b: number, bEnd: number): boolean {
    return stringAt(this.bytes, a - 1, aEnd + 1) < stringAt(this.bytes, b - 1, bEnd + 1);
  }
}

function isPlain(byte: number): boolean {
  return byte >= 0x20 && byte < 0x80 && byte !== QUOTE && byte !== BACKSLASH;
}

/** The string whose canonical JSON, with its quotes, stands at [start, end). */
export function stringAt(bytes: Uint8Array, start: number, end: number): string {
  return JSON.parse(textOf(bytes, start, end));
}

/** The text of a member of the object that was scanned, when it has one of that name and it is a string. */
export function memberOf({ bytes, spans, spansEnd }: CanonicalScanner, name: string): string | undefined {
  for (let at = 0; at < spansEnd; at += SPAN) {
    const [depth, start, end, value, valueEnd] = spans.subarray(at, at + SPAN) as unknown as readonly number[];
    if (depth !== 0 || bytes[value as number] !== QUOTE) continue;
    if (stringAt(bytes, (start as number) - 1, (end as number) + 1) === name) {
      return stringAt(bytes, value as number, valueEnd as number);
    }
  }
  return undefined;
}
