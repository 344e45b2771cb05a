const PLACEHOLDER = /\{(yyyy|seq(?::(\d+))?)\}/g;

/** A change's number from its pattern: `{yyyy}` is the UTC year of `now` (RFC 3339 UTC), `{seq:4}` the sequence padded to four digits. */
export function formatNumber(pattern: string, { seq, now }: { readonly seq: number; readonly now: string }): string {
  return pattern.replace(PLACEHOLDER, (_, word: string, width: string | undefined) =>
    word === "yyyy" ? now.slice(0, 4) : String(seq).padStart(Number(width ?? 0), "0"),
  );
}

/** What a sequence belongs to: the pattern without its sequence and with its year, so that every process using it counts on together. */
export function numberScope(pattern: string, now: string): string {
  return pattern.replace(PLACEHOLDER, (_, word: string) => (word === "yyyy" ? now.slice(0, 4) : ""));
}

/** Whether a pattern has exactly one sequence and no other braces. */
export function isNumberPattern(pattern: string): boolean {
  const sequences = [...pattern.matchAll(PLACEHOLDER)].filter((match) => match[1] !== "yyyy");
  return sequences.length === 1 && !/[{}]/.test(pattern.replace(PLACEHOLDER, ""));
}
