import { type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";

/** Work that gave way says so with this reason. */
const NEWER_CAME = Symbol("a newer request of the same person came");

/**
 * Runs costly work a few at a time. A newer request of the same person ends the older one, and what nobody waits for any more
 * is not begun. Refusals: TRY_REPLACED (a newer one came), REHEARSALS_BUSY (too many wait already).
 */
export class NewestWins {
  readonly #atOnce: number;
  readonly #mostWaiting: number;
  readonly #newest = new Map<string, AbortController>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor({ atOnce, mostWaiting }: { readonly atOnce: number; readonly mostWaiting: number }) {
    this.#atOnce = atOnce;
    this.#mostWaiting = mostWaiting;
  }

  /** Runs the work when there is room for it; its signal is aborted when a newer request comes or the sender is `gone`. */
  async run<T>(
    person: string,
    gone: AbortSignal,
    work: (signal: AbortSignal) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    this.#newest.get(person)?.abort(NEWER_CAME);
    const own = new AbortController();
    this.#newest.set(person, own);
    const signal = AbortSignal.any([gone, own.signal]);
    try {
      if (!(await this.#room(signal))) return signal.aborted ? replaced() : busy();
      try {
        // Only now is it its turn; what nobody waits for any more is not begun.
        signal.throwIfAborted();
        return await work(signal);
      } finally {
        this.#leave();
      }
    } catch (error) {
      if (signal.aborted) return replaced();
      throw error;
    } finally {
      if (this.#newest.get(person) === own) this.#newest.delete(person);
    }
  }

  /** Resolves to true once there is room, to false when none is to be had or the signal is aborted first. */
  async #room(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    if (this.#running < this.#atOnce) {
      this.#running += 1;
      return true;
    }
    if (this.#waiting.length >= this.#mostWaiting) return false;
    return await new Promise<boolean>((resolve) => {
      const enter = () => {
        signal.removeEventListener("abort", giveUp);
        resolve(true);
      };
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        resolve(false);
      };
      this.#waiting.push(enter);
      signal.addEventListener("abort", giveUp, { once: true });
    });
  }

  /** Hands the room on to whoever has waited longest. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running -= 1;
  }
}

function replaced() {
  return refuse(
    "TRY_REPLACED",
    "A newer try of yours took the place of this one.",
    "Look at the answer of the newer one; each person has one at a time.",
  );
}

function busy() {
  return refuse(
    "REHEARSALS_BUSY",
    "Too many others try out migrations at this moment.",
    "Try again in a few seconds. A change that is saved is rehearsed in any case.",
    { details: { retryAfterSeconds: 5 } },
  );
}
