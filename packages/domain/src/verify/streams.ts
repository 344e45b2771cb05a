import { HASH_WORDS, isHashText, NO_HASH_TEXT, readHashText } from "./hash-text.ts";

/** What is wrong with an entry's place in its stream: the entry that is due there, and whether the one that stands there has that number. */
export interface StreamFault {
  readonly due: number;
  readonly numbered: boolean;
}

// The numbers of a stream's record: the key and the length in bytes of its name, the sequence of its last entry in two halves, that
// entry's hash, and the bytes of the name, four to a number.
const KEY = 0;
const LENGTH = 1;
const LOW = 2;
const HIGH = 3;
const HASH = 4;
const NAME = HASH + HASH_WORDS;

/**
 * Follows every stream of a trail from entry to entry. Memory grows with the number of streams. What is known of one stands in one
 * place, since an entry is mostly of another stream than the one before it and each place costs a wait for memory.
 */
export class Streams {
  #records = new Int32Array(4096);
  #end = 0;
  #count = 0;
  // Where the record of a key begins, plus 1; 0 where there is none. A key's place is the first free one from its own on.
  #places = new Int32Array(256);

  /** Takes an entry: its stream's name at [start, end), its number in it, the text of the hash it names as the one before, and its own. */
  take(view: DataView, start: number, end: number, seq: number, before: number, own: number): StreamFault | null {
    const key = keyOf(view, start, end);
    const place = this.#placeOf(key, view, start, end);
    const record = (this.#places[place] as number) - 1;
    const last = record < 0 ? 0 : this.#lastOf(record);
    if (seq !== last + 1) return { due: last + 1, numbered: false };
    const follows =
      record < 0 ? isHashText(view, before, NO_HASH_TEXT) : isHashText(view, before, this.#records, record + HASH);
    if (!follows) return { due: seq, numbered: true };
    this.#keep(record < 0 ? this.#begin(place, key, view, start, end) : record, view, seq, own);
    return null;
  }

  #lastOf(record: number): number {
    const records = this.#records;
    return (records[record + HIGH] as number) * 2 ** 32 + ((records[record + LOW] as number) >>> 0);
  }

  #keep(record: number, view: DataView, seq: number, own: number): void {
    this.#records[record + LOW] = seq;
    this.#records[record + HIGH] = Math.floor(seq / 2 ** 32);
    readHashText(view, own, this.#records, record + HASH);
  }

  #placeOf(key: number, view: DataView, start: number, end: number): number {
    const places = this.#places;
    const mask = places.length - 1;
    let place = key & mask;
    while (places[place] !== 0 && !this.#isName((places[place] as number) - 1, key, view, start, end)) {
      place = (place + 1) & mask;
    }
    return place;
  }

  #isName(record: number, key: number, view: DataView, start: number, end: number): boolean {
    const records = this.#records;
    if (records[record + KEY] !== key || records[record + LENGTH] !== end - start) return false;
    let word = record + NAME;
    let at = start;
    while (at + 4 <= end && records[word] === view.getInt32(at, true)) {
      at += 4;
      word += 1;
    }
    return at + 4 > end && records[word] === restOf(view, at, end);
  }

  /** Makes the record of a stream that has not been seen before, and answers where it begins. */
  #begin(place: number, key: number, view: DataView, start: number, end: number): number {
    const record = this.#end;
    this.#end += NAME + ((end - start) >> 2) + 1;
    if (this.#end > this.#records.length) {
      const larger = new Int32Array(this.#end * 2);
      larger.set(this.#records);
      this.#records = larger;
    }
    const records = this.#records;
    records[record + KEY] = key;
    records[record + LENGTH] = end - start;
    let word = record + NAME;
    let at = start;
    for (; at + 4 <= end; at += 4) records[word++] = view.getInt32(at, true);
    records[word] = restOf(view, at, end);
    this.#places[place] = record + 1;
    this.#count += 1;
    if (this.#count * 2 > this.#places.length) this.#makeRoom();
    return record;
  }

  #makeRoom(): void {
    const records = this.#records;
    const places = new Int32Array(this.#places.length * 4);
    for (let record = 0; record < this.#end; record += NAME + ((records[record + LENGTH] as number) >> 2) + 1) {
      let place = (records[record + KEY] as number) & (places.length - 1);
      while (places[place] !== 0) place = (place + 1) & (places.length - 1);
      places[place] = record + 1;
    }
    this.#places = places;
  }
}

function keyOf(view: DataView, start: number, end: number): number {
  let key = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) key = mixed(key ^ view.getInt32(at, true));
  return mixed(key ^ restOf(view, at, end));
}

/** The fewer than four bytes that are left, as one number. */
function restOf(view: DataView, start: number, end: number): number {
  let rest = 0;
  for (let at = start; at < end; at++) rest = (rest << 8) | view.getUint8(at);
  return rest;
}

function mixed(key: number): number {
  const product = Math.imul(key, 0x9e3779b1);
  return product ^ (product >>> 15);
}
