import type { Place } from "@change-mgmt/domain/schema/rules/actions.ts";

/** Places of a text in lines and code points, from byte offsets as the parser gives them or from string indexes. */
export class CodePointPlaces {
  readonly #text: string;
  readonly #above: number;
  readonly #lines: number[] = [0];
  #bytes: Uint8Array | null = null;
  readonly #byteLines: number[] = [0];

  /** `firstLine` is the line of the file at which the text begins. */
  constructor(text: string, firstLine: number) {
    this.#text = text;
    this.#above = firstLine - 1;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#lines.push(at + 1);
  }

  /** The place of a string index. */
  ofIndex(index: number): Place {
    const line = lineOf(this.#lines, index);
    const column = [...this.#text.slice(this.#lines[line]!, index)].length + 1;
    return { line: line + 1 + this.#above, column };
  }

  /** The place of a byte offset of the text in UTF-8; null for what the parser gives no place. */
  ofByte(offset: unknown): Place | null {
    if (typeof offset !== "number" || offset < 0) return null;
    if (this.#bytes === null) {
      this.#bytes = Buffer.from(this.#text);
      for (let at = this.#bytes.indexOf(10); at >= 0; at = this.#bytes.indexOf(10, at + 1))
        this.#byteLines.push(at + 1);
    }
    const line = lineOf(this.#byteLines, offset);
    let column = 1;
    for (let at = this.#byteLines[line]!; at < offset; at++) if ((this.#bytes[at]! & 0xc0) !== 0x80) column += 1;
    return { line: line + 1 + this.#above, column };
  }
}

/** The last line that begins at or before an offset. */
function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
