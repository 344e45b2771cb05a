/** Strings, dollar quotes, comments, quoted names and words, so that only names are left to look at. */
const TOKENS =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\$([\p{L}_][\p{L}\p{N}_]*)?\$[\s\S]*?\$\1\$|'(?:[^']|'')*'|"((?:[^"]|"")+)"|([\p{L}_][\p{L}\p{N}_$]*)/gu;
const MOST_BYTES = 63;

/** Identifiers of a statement that are longer than the 63 bytes that Postgres keeps, as written. */
export function longNames(sql: string): string[] {
  if (!/[\p{L}\p{N}_$ ]{22}/u.test(sql)) return [];
  const found = new Set<string>();
  for (const [, , quoted, word] of sql.matchAll(TOKENS)) {
    const name = quoted?.replaceAll('""', '"') ?? word;
    if (name !== undefined && Buffer.byteLength(name) > MOST_BYTES) found.add(name);
  }
  return [...found];
}
