/** Length in bytes of the well-formed UTF-8 sequence of a character beyond ASCII that starts at `at`; 0 when it is not well-formed. */
export function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const second = bytes[at + 1];
  // No overlong forms, no surrogates, nothing beyond U+10FFFF (Unicode, table 3-7).
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second === undefined || second < low || second > high) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  for (let next = 2; next < length; next++) {
    const byte = bytes[at + next];
    if (byte === undefined || byte < 0x80 || byte > 0xbf) return 0;
  }
  return length;
}

/** The text of bytes [start, end), which are well-formed UTF-8. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  let at = start;
  while (at < end) {
    const lead = bytes[at] as number;
    if (lead < 0x80) {
      text += String.fromCharCode(lead);
      at += 1;
      continue;
    }
    const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    let point = lead & (0xff >> (length + 1));
    for (let next = 1; next < length; next++) point = (point << 6) | ((bytes[at + next] as number) & 0x3f);
    text += String.fromCodePoint(point);
    at += length;
  }
  return text;
}
