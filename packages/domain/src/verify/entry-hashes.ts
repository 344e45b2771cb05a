import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { Sha256 } from "./tree.ts";

const PREFIX = utf8ToBytes("change-mgmt/entry/1\n");
const PREFIX_WORDS = new DataView(PREFIX.buffer, PREFIX.byteOffset, PREFIX.length);
/** Length of what is hashed before an entry. */
export const PREFIX_LENGTH: number = PREFIX.length;
/** Room in front, for what the first entry is hashed with. */
const ROOM = 32;
/** So much is copied at once: little enough to stay in the processor's cache. */
const WINDOW = 1 << 16;

/** Hashes entries with what has to stand before each. Buffers are reused from one to the next. */
export class EntryHashes {
  readonly #sha256: Sha256;
  #piece: Uint8Array = new Uint8Array();
  #copiedEnd = 0;
  /** The entry hashed last by `of`, behind the prefix. */
  single: Uint8Array = new Uint8Array(4096);
  /** A copy of a part of the piece; what stands before an entry that was hashed in it is no longer the piece's. */
  copy: Uint8Array = new Uint8Array(ROOM + WINDOW);
  view: DataView = new DataView(this.copy.buffer);
  /** So many bytes further on than in the piece its bytes stand in the copy. */
  shift = 0;

  constructor(sha256: Sha256) {
    this.#sha256 = sha256;
    this.single.set(PREFIX);
  }

  /** The piece to copy from, whose memory stays as it is until the next. */
  from(piece: Uint8Array): void {
    // Without what a Buffer adds and makes slow.
    this.#piece = new Uint8Array(piece.buffer, piece.byteOffset, piece.length);
    this.#copiedEnd = 0;
  }

  /** Whether the copy has the piece's bytes up to `end`. */
  has(end: number): boolean {
    return end <= this.#copiedEnd;
  }

  /** Copies the piece from `start` at least to `end`. */
  take(start: number, end: number): void {
    this.#copiedEnd = Math.max(end, Math.min(start + WINDOW, this.#piece.length));
    const length = ROOM + this.#copiedEnd - start;
    if (this.copy.length < length) {
      this.copy = new Uint8Array(length * 2);
      this.view = new DataView(this.copy.buffer);
    }
    this.copy.set(this.#piece.subarray(start, this.#copiedEnd), ROOM);
    this.shift = ROOM - start;
  }

  /** Hash of the entry at [start, end) of the copy. */
  inCopy(start: number, end: number): string {
    const from = start - PREFIX_LENGTH;
    for (let at = 0; at < PREFIX_LENGTH; at += 4) this.view.setInt32(from + at, PREFIX_WORDS.getInt32(at));
    return this.#sha256(this.copy.subarray(from, end));
  }

  /** Hash of an entry that stands anywhere else. */
  of(bytes: Uint8Array, start: number, end: number): string {
    const length = PREFIX_LENGTH + end - start;
    if (this.single.length < length) {
      this.single = new Uint8Array(length * 2);
      this.single.set(PREFIX);
    }
    this.single.set(bytes.subarray(start, end), PREFIX_LENGTH);
    return this.#sha256(this.single.subarray(0, length));
  }
}
