import { HASH_WORDS, isHashText, readHashText } from "./hash-text.ts";

/** Where a stream stands: its name as its bytes stood in the line, the sequence of its last entry and where its hash is kept. */
interface Stream {
  readonly name: DataView;
  readonly slot: number;
  seq: number;
  /** Another stream whose name makes the same key. */
  readonly beside: Stream | undefined;
}

/** What is wrong with an entry's place in its stream: the entry that is due there, and whether the one that stands there has that number. */
export interface StreamFault {
  readonly due: number;
  readonly numbered: boolean;
}

/** Follows every stream of a trail from entry to entry. Memory grows with the number of streams. */
export class Streams {
  // Keyed by a number made of the name's bytes, which is quicker than making the name.
  readonly #known = new Map<number, Stream>();
  #count = 0;
  // The hashes of all last entries, one after the other; the first is that of nothing before.
  #hashes = new Int32Array(64 * HASH_WORDS).fill(0x30303030);

  /** Takes an entry: its stream's name at [start, end), its number in it, the text of the hash it names as the one before, and its own. */
  take(
    bytes: Uint8Array,
    view: DataView,
    start: number,
    end: number,
    seq: number,
    before: number,
    own: number,
  ): StreamFault | null {
    const key = keyOf(view, start, end);
    const alike = this.#known.get(key);
    let stream = alike;
    while (stream !== undefined && !isName(stream, view, start, end)) stream = stream.beside;
    const last = stream?.seq ?? 0;
    if (seq !== last + 1) return { due: last + 1, numbered: false };
    if (!isHashText(view, before, this.#hashes, stream?.slot ?? 0)) return { due: seq, numbered: true };
    if (stream === undefined) {
      this.#count += 1;
      stream = {
        name: new DataView(Uint8Array.from(bytes.subarray(start, end)).buffer),
        slot: this.#count * HASH_WORDS,
        seq: 0,
        beside: alike,
      };
      this.#known.set(key, stream);
      this.#makeRoom();
    }
    stream.seq = seq;
    readHashText(view, own, this.#hashes, stream.slot);
    return null;
  }

  #makeRoom(): void {
    if ((this.#count + 1) * HASH_WORDS <= this.#hashes.length) return;
    const larger = new Int32Array(this.#hashes.length * 2);
    larger.set(this.#hashes);
    this.#hashes = larger;
  }
}

function keyOf(view: DataView, start: number, end: number): number {
  let key = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) key = mixed(key ^ view.getInt32(at, true));
  for (; at < end; at++) key = mixed(key ^ view.getUint8(at));
  return key;
}

function mixed(key: number): number {
  const product = Math.imul(key, 0x9e3779b1);
  return product ^ (product >>> 15);
}

function isName({ name }: Stream, view: DataView, start: number, end: number): boolean {
  return name.byteLength === end - start && isSame(name, view, start);
}

function isSame(name: DataView, view: DataView, start: number): boolean {
  const length = name.byteLength;
  let at = 0;
  while (at + 4 <= length && name.getInt32(at) === view.getInt32(start + at)) at += 4;
  while (at < length && name.getUint8(at) === view.getUint8(start + at)) at += 1;
  return at === length;
}
