import { sequenceLength, textOf } from "./utf8.ts";

const DEEPEST = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What is left, as Latin-1, of a line that was cut inside an escape or inside a character. */
const CUT_SHORT = /^(?:\\(?:u(?:0(?:0[01]?)?)?)?|[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})$/;
const ESCAPABLE: ReadonlySet<number> = new Set(Array.from('"\\bfnrt', (character) => character.charCodeAt(0)));

/** 1 for each byte that stands for itself inside a string: ASCII without control characters, quote and backslash. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte < 0x80 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);

/** Numbers kept of each member: depth of its object (0 or 1), start and end of its name without quotes, start and end of its value. */
export const SPAN = 5;

/**
 * Reads one line of canonical JSON (UTF-8 bytes) without building its value, and remembers where the members of the outermost
 * object and of the objects directly in it stand. One scanner serves many lines, one after the other.
 */
export class CanonicalScanner {
  /** SPAN numbers for each member, in the order of the text. */
  readonly spans: number[] = [];
  /** After a refusal: the offset of the first byte that is wrong, or the length when the line ended too early. */
  at = 0;
  #bytes: Uint8Array = new Uint8Array();
  #plain = true;

  /** Whether the line is exactly the canonical form of one JSON object. */
  scan(bytes: Uint8Array): boolean {
    this.#bytes = bytes;
    this.at = 0;
    this.spans.length = 0;
    return bytes[0] === 0x7b && this.#object(0) && this.at === bytes.length;
  }

  #value(depth: number): boolean {
    switch (this.#bytes[this.at]) {
      case QUOTE:
        return this.#string();
      case 0x7b:
        return depth < DEEPEST && this.#object(depth);
      case 0x5b:
        return depth < DEEPEST && this.#list(depth);
      case 0x74:
        return this.#word("true");
      case 0x66:
        return this.#word("false");
      case 0x6e:
        return this.#word("null");
      default:
        return this.#number();
    }
  }

  #object(depth: number): boolean {
    const bytes = this.#bytes;
    this.at += 1;
    if (bytes[this.at] === 0x7d) return this.#pass();
    let before = 0;
    let beforeEnd = 0;
    let beforePlain = true;
    for (let first = true; ; first = false) {
      const name = this.at + 1;
      if (bytes[this.at] !== QUOTE || !this.#string()) return false;
      const nameEnd = this.at - 1;
      const plain = this.#plain;
      const ascends =
        first ||
        (plain && beforePlain
          ? this.#below(before, beforeEnd, name, nameEnd)
          : this.#sorted(before, beforeEnd, name, nameEnd));
      if (!ascends) {
        this.at = name;
        return false;
      }
      before = name;
      beforeEnd = nameEnd;
      beforePlain = plain;
      if (bytes[this.at] !== 0x3a) return false;
      this.at += 1;
      const span = this.spans.length;
      if (depth < 2) this.spans.push(depth, name, nameEnd, this.at, 0);
      if (!this.#value(depth + 1)) return false;
      if (depth < 2) this.spans[span + 4] = this.at;
      if (bytes[this.at] === 0x7d) return this.#pass();
      if (bytes[this.at] !== 0x2c) return false;
      this.at += 1;
    }
  }

  #list(depth: number): boolean {
    const bytes = this.#bytes;
    this.at += 1;
    if (bytes[this.at] === 0x5d) return this.#pass();
    for (;;) {
      if (!this.#value(depth + 1)) return false;
      if (bytes[this.at] === 0x5d) return this.#pass();
      if (bytes[this.at] !== 0x2c) return false;
      this.at += 1;
    }
  }

  #pass(): true {
    this.at += 1;
    return true;
  }

  #string(): boolean {
    const bytes = this.#bytes;
    const end = bytes.length;
    let at = this.at + 1;
    let plain = true;
    for (;;) {
      while (at < end && PLAIN[bytes[at] as number] === 1) at += 1;
      const byte = bytes[at];
      if (byte === QUOTE) break;
      plain = false;
      const length = this.#specialLength(byte, at);
      if (length === 0) {
        const rest = String.fromCharCode(...bytes.subarray(at, at + 7));
        this.at = CUT_SHORT.test(rest) ? end : at;
        return false;
      }
      at += length;
    }
    this.at = at + 1;
    this.#plain = plain;
    return true;
  }

  /** Length of an escape or of a character beyond ASCII; 0 for whatever may not stand in a string. */
  #specialLength(byte: number | undefined, at: number): number {
    if (byte === undefined || byte < 0x20) return 0;
    return byte === BACKSLASH ? this.#escapeLength(at) : sequenceLength(this.#bytes, at);
  }

  /** Only what must be escaped is, in its shortest form, control characters without one as \u00xx in lower case. */
  #escapeLength(at: number): number {
    const bytes = this.#bytes;
    if (ESCAPABLE.has(bytes[at + 1] as number)) return 2;
    const written = String.fromCharCode(...bytes.subarray(at, at + 6));
    return /^\\u00(?:0[0-7be-f]|1[0-9a-f])$/.test(written) ? 6 : 0;
  }

  #word(word: string): boolean {
    for (let index = 0; index < word.length; index++) {
      if (this.#bytes[this.at] !== word.charCodeAt(index)) return false;
      this.at += 1;
    }
    return true;
  }

  #number(): boolean {
    const bytes = this.#bytes;
    const start = this.at;
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
      if (length === 0 || String(Number(text)) !== text) {
        // A number that was cut off looks wrong only because the line ended.
        if (end === bytes.length) this.at = end;
        return false;
      }
    }
    this.at = end;
    return true;
  }

  /** Whether the first plain ASCII name sorts strictly before the second. */
  #below(a: number, aEnd: number, b: number, bEnd: number): boolean {
    const bytes = this.#bytes;
    const shared = Math.min(aEnd - a, bEnd - b);
    for (let index = 0; index < shared; index++) {
      const difference = (bytes[a + index] as number) - (bytes[b + index] as number);
      if (difference !== 0) return difference < 0;
    }
    return aEnd - a < bEnd - b;
  }

  /** The same for any names: by UTF-16 code unit, which is not the order of their bytes. */
  #sorted(a: number, aEnd: number, b: number, bEnd: number): boolean {
    return stringAt(this.#bytes, a - 1, aEnd + 1) < stringAt(this.#bytes, b - 1, bEnd + 1);
  }
}

/** The string whose canonical JSON, with its quotes, stands at [start, end). */
export function stringAt(bytes: Uint8Array, start: number, end: number): string {
  return JSON.parse(textOf(bytes, start, end));
}
