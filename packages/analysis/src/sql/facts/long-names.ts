/** Strings, dollar quotes, comments, quoted names and words, so that only names are left to look at. */
const TOKENS =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\$([\p{L}_][\p{L}\p{N}_]*)?\$[\s\S]*?\$\1\$|'(?:[^']|'')*'|"((?:[^"]|"")+)"|([\p{L}_][\p{L}\p{N}_$]*)/gu;
const MOST_BYTES = 63;
/** A character takes four bytes at most. */
const MAY_BE_LONG = /[\w$\u0080-\uffff]{16}|"[^"]{16}/;

/** Identifiers of a statement that are longer than the 63 bytes that Postgres keeps, as written. */
export function longNames(sql: string): string[] {
  // Most statements have no run of characters that could be one.
  if (!MAY_BE_LONG.test(sql)) return [];
  const found = new Set<string>();
  for (const [, , quoted, word] of sql.matchAll(TOKENS)) {
    const name = quoted?.replaceAll('""', '"') ?? word;
    if (name !== undefined && Buffer.byteLength(name) > MOST_BYTES) found.add(name);
  }
  return [...found];
}
