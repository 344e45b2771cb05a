import { setTimeout as pause } from "node:timers/promises";

/** Slow enough that several who wait with one token stay below the limit of requests a minute. */
const PAUSE_MS = 250;

/** Asks again and again until the answer is as wanted. Fails after the deadline with what was answered last. */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  isSo: (answer: T) => boolean,
  deadlineMs = 240_000,
  pauseMs = PAUSE_MS,
): Promise<T> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    if (Date.now() > deadline)
      throw new Error(
        `waited ${deadlineMs} ms for this: ${what}; the last answer was ${JSON.stringify(answer)?.slice(0, 3000)}`,
      );
    await pause(pauseMs);
  }
}
