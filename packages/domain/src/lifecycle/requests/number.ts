import { PLACEHOLDER } from "../../process/number-pattern.ts";

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
