import { setTimeout as pause } from "node:timers/promises";
import type { OwnPostgres } from "@change-mgmt/server/testing/postgres.ts";
import { numbersFrom } from "../testing/points.ts";

export interface Restarts {
  /** How often so far, as an operator and as a crash would end it. */
  readonly counts: { fast: number; immediate: number };
  /** Ends it; the store is up when this resolves. */
  stop(): Promise<void>;
}

/**
 * Stops a store in order and at once in turns, and starts it again up to a second later, every so many seconds on average, drawn from the
 * seed. `failed` hears of a store that did not come back.
 */
export function restarting(
  store: OwnPostgres,
  { every, seed, failed }: { readonly every: number; readonly seed: number; failed(error: Error): void },
): Restarts {
  const draw = numbersFrom(seed);
  const counts = { fast: 0, immediate: 0 };
  const enough = new AbortController();
  const run = async () => {
    for (let n = 0; ; n++) {
      await pause(every * 1000 * (0.5 + draw()), undefined, { signal: enough.signal }).catch(() => undefined);
      if (enough.signal.aborted) return;
      const how = n % 2 === 0 ? "immediate" : "fast";
      await store.halt(how);
      await pause(draw() * 1000);
      await store.resume();
      counts[how] += 1;
    }
  };
  const running = run().catch(failed);
  return {
    counts,
    async stop() {
      enough.abort();
      await running;
    },
  };
}
