/** What a list says: by key of an entry, a text that becomes another whenever the entry shows something else. */
export type Said = Readonly<Record<string, string>>;

/** The keys that say something else than before, and with `fresh` those that were not there; none when nothing was said before. */
export function flashing(before: Said | undefined, now: Said, fresh: boolean): readonly string[] {
  if (before === undefined) return [];
  return Object.keys(now).filter((key) => (Object.hasOwn(before, key) ? before[key] !== now[key] : fresh));
}
