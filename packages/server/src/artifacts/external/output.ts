import { StringDecoder } from "node:string_decoder";
import type { createMask } from "./mask.ts";

const KEPT_BYTES = 64 * 1024;
const LONGEST_LINE = 16 * 1024;

/** What a command printed: its lines, masked, go to `line` as they come; the last 64 KiB of them are kept. */
export class CommandOutput {
  readonly #mask: ReturnType<typeof createMask>;
  readonly #line: (line: string) => void;
  #kept = "";
  #cut = false;

  constructor(mask: ReturnType<typeof createMask>, line: (line: string) => void) {
    this.#mask = mask;
    this.#line = line;
  }

  /** Reads a stream to its end, line by line; a line without an end is given out in parts. */
  read(stream: NodeJS.ReadableStream): void {
    const decoder = new StringDecoder("utf8");
    let rest = "";
    stream.on("data", (chunk: Buffer) => {
      const lines = (rest + decoder.write(chunk)).split(/\r?\n/);
      rest = lines.pop()!;
      for (const line of lines) this.#take(line);
      if (rest.length > LONGEST_LINE + this.#mask.longest) {
        // A secret may lie across the cut: masked first, and what could be the beginning of one is held back.
        const masked = this.#mask(rest);
        const cut = masked.length - this.#mask.longest;
        this.#take(masked.slice(0, cut));
        rest = masked.slice(cut);
      }
    });
    stream.on("end", () => {
      const last = rest + decoder.end();
      rest = "";
      if (last !== "") this.#take(last);
    });
  }

  /** The last 64 KiB, masked; whole lines unless one alone is longer. */
  get text(): string {
    return this.#cut ? `[…]\n${this.#kept}` : this.#kept;
  }

  #take(raw: string): void {
    const line = this.#mask(raw);
    this.#line(line);
    this.#kept += `${line}\n`;
    if (Buffer.byteLength(this.#kept) <= KEPT_BYTES) return;
    const tail = Buffer.from(this.#kept).subarray(-KEPT_BYTES).toString("utf8");
    this.#kept = tail.slice(tail.indexOf("\n") + 1) || tail;
    this.#cut = true;
  }
}
