import { setTimeout as wait } from "node:timers/promises";

const FIRST_MS = 100;
const LONGEST_MS = 10_000;

/** Waits before the given retry (1 is the first): twice as long each time, with some chance in it, at most ten seconds. Ends early on abort. */
export async function pause(retry: number, signal: AbortSignal): Promise<void> {
  const ms = Math.min(LONGEST_MS, FIRST_MS * 2 ** (retry - 1)) * (0.75 + Math.random() / 2);
  await wait(ms, undefined, { signal }).catch((error: Error) => {
    if (error.name !== "AbortError") throw error;
  });
}
