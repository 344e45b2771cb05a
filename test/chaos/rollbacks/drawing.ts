/** Numbers from a seed, the same everywhere (splitmix32). */
export class Drawing {
  #state: number;

  constructor(seed: number, number: number) {
    this.#state = (seed * 1_000_003 + number * 7919) | 0;
  }

  /** A whole number from 0 to below `count`. */
  below(count: number): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let mixed = this.#state ^ (this.#state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % count;
  }

  of<T>(...these: readonly T[]): T {
    return these[this.below(these.length)]!;
  }
}
