import { readFileSync, rmSync } from "node:fs";
import type { Ground } from "./ground.ts";
import { type TrialOptions, trial } from "./trial.ts";

/** Every crash point that a deployment and its rollback come by, in order, as `name:side#occurrence`: read off a run without a crash. */
export async function crashPoints(ground: Ground, log: string, options: TrialOptions = {}): Promise<string[]> {
  const { wrong } = await trial(ground, [], { ...options, log });
  if (wrong.length > 0) throw new Error(`a run without a crash went wrong:\n${wrong.join("\n")}`);
  const points = readFileSync(log, "utf8").split("\n").filter(Boolean);
  rmSync(log);
  return points;
}

/** Of each name and side `most` occurrences: the first, and others evenly spread over the run. */
export function someOfEach(points: readonly string[], most: number): string[] {
  const kept = new Set<string>();
  for (const same of Map.groupBy(points, nameOf).values()) {
    const count = Math.min(most, same.length);
    for (let n = 0; n < count; n++) kept.add(same[Math.floor((n * same.length) / count)]!);
  }
  return points.filter((point) => kept.has(point));
}

/** The points as schedules of up to `together` deaths, the later ones of a schedule from further on in the run. */
export function chained(points: readonly string[], together: number): string[][] {
  const trials = Math.ceil(points.length / together);
  return Array.from({ length: trials }, (_, n) => points.filter((_point, at) => at % trials === n));
}

/** `name:side` of a point. */
export function nameOf(point: string): string {
  return point.replace(/#\d+$/, "");
}

/** One to four deaths: for each a name is drawn and then one of its occurrences, so that what is rare is met as often as what is not. */
export function schedule(points: readonly string[], draw: () => number): string[] {
  const byName = [...Map.groupBy(points, nameOf).values()];
  const of = <T>(things: readonly T[]) => things[Math.floor(draw() * things.length)]!;
  return Array.from({ length: 1 + Math.floor(draw() * 4) }, () => of(of(byName)));
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
