const WINDOW_MS = 60_000;
const PER_WINDOW = 20;
const MOST_KEYS = 10_000;

/** Lets a limited number of equal refusals per person and minute into the audit trail, so that nobody can flood it. */
export class RefusalLimit {
  readonly #counts = new Map<string, { since: number; count: number }>();

  /** Whether this refusal is still written down; `now` in milliseconds. */
  admits(handle: string, code: string, now: number): boolean {
    const key = `${handle}\n${code}`;
    const entry = this.#counts.get(key);
    if (entry === undefined || now - entry.since >= WINDOW_MS) {
      if (this.#counts.size >= MOST_KEYS) this.#counts.clear();
      this.#counts.set(key, { since: now, count: 1 });
      return true;
    }
    entry.count += 1;
    return entry.count <= PER_WINDOW;
  }
}
