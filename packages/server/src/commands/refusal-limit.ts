const WINDOW_MS = 60_000;
const MOST_PER_WINDOW = 20;
const MOST_KEYS = 10_000;

/** Lets a limited number of equal refusals per person or address and minute into the audit trail, so that nobody can flood it. */
export class RefusalLimit {
  readonly #most: number;
  readonly #counts = new Map<string, { since: number; count: number }>();

  constructor(mostPerMinute = MOST_PER_WINDOW) {
    this.#most = mostPerMinute;
  }

  /** Whether this refusal is still written down; `now` in milliseconds. */
  admits(who: string, code: string, now: number): boolean {
    const key = `${who}\n${code}`;
    const entry = this.#counts.get(key);
    if (entry === undefined || now - entry.since >= WINDOW_MS) {
      if (this.#counts.size >= MOST_KEYS) this.#counts.clear();
      this.#counts.set(key, { since: now, count: 1 });
      return true;
    }
    entry.count += 1;
    return entry.count <= this.#most;
  }
}
