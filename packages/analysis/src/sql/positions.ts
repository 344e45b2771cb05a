/** Line and column (1-based, UTF-16 units) of a string index. */
export function placeAt(text: string, index: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < index; at = text.indexOf("\n", at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return { line, column: index - lineStart + 1 };
}

/** Translates UTF-8 byte offsets into string indexes and places; offsets are asked for in ascending order. */
export class Utf8Positions {
  readonly #text: string;
  #index = 0;
  #bytes = 0;
  #line = 1;
  #lineStart = 0;
  #placed = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** String index of a byte offset. */
  indexOf(bytes: number): number {
    while (this.#bytes < bytes && this.#index < this.#text.length) {
      const code = this.#text.codePointAt(this.#index)!;
      this.#bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      this.#index += code > 0xffff ? 2 : 1;
    }
    return this.#index;
  }

  /** Line and column (1-based, UTF-16 units) of a string index. */
  place(index: number): { line: number; column: number } {
    for (; this.#placed < index; this.#placed++) {
      if (this.#text[this.#placed] === "\n") {
        this.#line++;
        this.#lineStart = this.#placed + 1;
      }
    }
    return { line: this.#line, column: index - this.#lineStart + 1 };
  }
}
