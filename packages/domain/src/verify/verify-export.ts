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

  return {
    piece(piece: Uint8Array): boolean {
      let start = 0;
      for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, start)) {
        if (!verifier.line(joined(piece.subarray(start, end)))) return false;
        start = end + 1;
      }
      if (start === piece.length) return true;
      // Copied, since the caller may use the piece's memory for the next one.
      begun.push(piece.slice(start));
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
