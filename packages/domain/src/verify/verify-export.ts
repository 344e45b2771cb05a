import type { Verdict } from "./verdict.ts";
import { createVerifier, type Verifier, type VerifierOptions } from "./verifier.ts";

const LINE_FEED = 0x0a;

/** Verifies an export given as its lines, without line feeds. */
export async function verifyExport(
  lines: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  options: VerifierOptions = {},
): Promise<Verdict> {
  const verifier = createVerifier(options);
  for await (const line of lines) if (!verifier.line(line)) break;
  return verifier.end();
}

/**
 * Verifies an export given as the bytes of its file, in pieces of any size. Lines end with a line feed and nothing else (readers of
 * text lines know more line ends, which may occur inside an entry); a line may have 16 MiB unless `longestLine` says otherwise.
 */
export async function verifyBytes(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  options: VerifierOptions & { readonly longestLine?: number } = {},
): Promise<Verdict> {
  const verifier = createVerifier(options);
  const splitter = splitLines(verifier, options.longestLine ?? 16 * 1024 * 1024);
  for await (const piece of pieces) if (!splitter.piece(piece)) return verifier.end();
  splitter.end();
  return verifier.end();
}

function splitLines(verifier: Verifier, longest: number) {
  // The beginning of a line whose end has not come yet, in the pieces it came in.
  let begun: Uint8Array[] = [];
  let begunLength = 0;
  let refused = false;

  function joined(rest: Uint8Array): Uint8Array {
    if (begun.length === 0) return rest;
    const line = new Uint8Array(begunLength + rest.length);
    let at = 0;
    for (const part of [...begun, rest]) {
      line.set(part, at);
      at += part.length;
    }
    begun = [];
    begunLength = 0;
    return line;
  }

  /** Whether to read on after a line was refused: a line that stops short means something else when another follows. */
  function refuse(more: boolean): boolean {
    refused = true;
    if (more) verifier.line(new Uint8Array());
    return !more;
  }

  return {
    /** False when there is no use in reading on. */
    piece(piece: Uint8Array): boolean {
      if (refused) return piece.length === 0 || refuse(true);
      verifier.piece(piece);
      let start = 0;
      while (start < piece.length) {
        // Most lines stand whole in their piece and are good; the end of any other has to be looked for.
        const next = begun.length === 0 ? verifier.lineWithin(start) : -1;
        if (next < 0) {
          const end = piece.indexOf(LINE_FEED, start);
          if (end < 0) break;
          if (!verifier.line(joined(piece.subarray(start, end)))) return refuse(end + 1 < piece.length);
          start = end + 1;
        } else start = next;
      }
      if (start === piece.length) return true;
      // Copied, since the caller may use the piece's memory for the next one; the slice of a Buffer would be no copy.
      begun.push(Uint8Array.from(piece.subarray(start)));
      begunLength += piece.length - start;
      if (begunLength <= longest) return true;
      verifier.tooLong(longest);
      return false;
    },
    end() {
      if (begunLength > 0) verifier.line(joined(new Uint8Array()));
    },
  };
}
