/** Where bytes stop being UTF-8: 1-based line and column in characters, and the byte offset. */
export interface NotUtf8 {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Decodes UTF-8, a byte order mark included, or says where and why the bytes are none. */
export function decodeUtf8(bytes: Uint8Array): { text: string } | { why: string; place: NotUtf8 } {
  try {
    return { text: STRICT.decode(bytes) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const offset = firstBadByte(bytes);
    const before = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, offset));
    const line = before.split("\n").length;
    const column = [...before.slice(before.lastIndexOf("\n") + 1)].length + 1;
    return { why: reason(bytes, offset), place: { line, column, offset } };
  }
}

function reason(bytes: Uint8Array, offset: number): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return "the file is UTF-16";
  return `byte 0x${bytes[offset]!.toString(16).padStart(2, "0")} is not UTF-8`;
}

/** Offset of the first byte of the first sequence that is not UTF-8. */
function firstBadByte(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return bytes.length - 1;
}

/** Bytes of the well-formed sequence at an offset, as the Unicode standard tabulates them; 0 where there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length =
    first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  const second = bytes[at + 1] ?? 0;
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (length === 0 || second < least || second > most) return 0;
  for (let next = 2; next < length; next++) if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}
