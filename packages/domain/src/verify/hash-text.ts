/** Numbers that the text of a hash in hex makes: its 64 characters, four to a number, to be compared without making strings. */
export const HASH_WORDS = 16;

/** Keeps the numbers of the 64 characters at `at` in `into` from `slot` on. */
export function readHashText(view: DataView, at: number, into: Int32Array, slot = 0): void {
  for (let word = 0; word < HASH_WORDS; word++) into[slot + word] = view.getInt32(at + word * 4, true);
}

/** Whether the 64 characters at `at` have the numbers kept from `slot` on. */
export function isHashText(view: DataView, at: number, words: Int32Array, slot = 0): boolean {
  // A difference anywhere leaves a bit; one jump at the end is quicker than one for each number.
  let difference = 0;
  for (let word = 0; word < HASH_WORDS; word += 4) {
    const from = at + word * 4;
    const kept = slot + word;
    difference |=
      (view.getInt32(from, true) ^ (words[kept] as number)) |
      (view.getInt32(from + 4, true) ^ (words[kept + 1] as number)) |
      (view.getInt32(from + 8, true) ^ (words[kept + 2] as number)) |
      (view.getInt32(from + 12, true) ^ (words[kept + 3] as number));
  }
  return difference === 0;
}

/** Whether the 64 characters at `at` are this hash in hex. */
export function isHex(bytes: Uint8Array, at: number, hex: string): boolean {
  for (let index = 0; index < 64; index++) if (bytes[at + index] !== hex.charCodeAt(index)) return false;
  return true;
}

/** The numbers of a hash of nothing before: 64 zeros. */
export const NO_HASH_TEXT: Int32Array = new Int32Array(HASH_WORDS).fill(0x30303030);
