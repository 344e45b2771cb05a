import { readFileSync, rmSync } from "node:fs";
import type { Ground } from "./ground.ts";
import { trial } from "./trial.ts";

/** What goes on beside the deployment, by the clock: how often it is crossed says nothing, so a few occurrences of each will do. */
const BY_THE_CLOCK = /^(outbox\.relay|audit\.seal|deployments\.orphaned|lease\.take|journal\.output):/;
const OF_EACH = 4;

/** Every crash point that a deployment and its rollback come by, in order, as `name:side#occurrence`: read off a run without a crash. */
export async function crashPoints(ground: Ground, log: string): Promise<string[]> {
  const { wrong } = await trial(ground, [], log);
  if (wrong.length > 0) throw new Error(`a run without a crash went wrong:\n${wrong.join("\n")}`);
  const points = readFileSync(log, "utf8").split("\n").filter(Boolean);
  rmSync(log);
  return points.filter((point) => !BY_THE_CLOCK.test(point) || Number(point.split("#")[1]) <= OF_EACH);
}

/** One to four deaths, drawn from the points. */
export function schedule(points: readonly string[], draw: () => number): string[] {
  const lives = 1 + Math.floor(draw() * 4);
  return Array.from({ length: lives }, () => points[Math.floor(draw() * points.length)]!);
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
