import type { RollbackTrigger } from "../../process/rollback-trigger.ts";

/** What measuring came to: a number, with how many samples stand behind it where that is known; or why there is none. */
export type Reading = { readonly value: number; readonly samples?: number } | { readonly missing: string };

/** What a reading says of a trigger, in words that name the number and the threshold. */
export interface Judged {
  readonly result: "pass" | "fail" | "inconclusive";
  readonly value: number | null;
  readonly words: string;
}

/** What a reading is held against: what was read before the deployment, and how many samples it takes to know anything. */
export interface Against {
  readonly baseline: Reading | null;
  readonly atLeast: number;
}

/** Judges one reading. What could not be measured, or rests on too few samples, is inconclusive and never passes. */
export function judgeReading(trigger: RollbackTrigger, reading: Reading, { baseline, atLeast }: Against): Judged {
  if ("missing" in reading) return inconclusive(null, reading.missing);
  const { value, samples } = reading;
  if (!Number.isFinite(value)) return inconclusive(null, "what was measured is no number");
  if (samples !== undefined && samples < atLeast) {
    return inconclusive(value, `${samples} samples say too little; it takes ${atLeast}`);
  }
  const limit = limitOf(trigger, baseline);
  if ("missing" in limit) return inconclusive(value, limit.missing);
  const fails = trigger.metric === "health" ? value < 1 : value > limit.value;
  return { result: fails ? "fail" : "pass", value, words: wordsOf(trigger, value, limit.value) };
}

function limitOf({ metric, above, times }: RollbackTrigger, baseline: Reading | null): Reading {
  if (metric !== "response-time") return { value: above ?? 0 };
  if (baseline === null) return { missing: "nothing was measured before the deployment" };
  if ("missing" in baseline) return { missing: `nothing could be measured before the deployment: ${baseline.missing}` };
  if (!(baseline.value > 0))
    return { missing: `${shown(baseline.value)} before the deployment is nothing to compare with` };
  return { value: baseline.value * (times ?? 1) };
}

function wordsOf({ metric, times }: RollbackTrigger, value: number, limit: number): string {
  switch (metric) {
    case "health":
      return value < 1 ? "the health check fails" : "the health check answers";
    case "alerts":
      return value > 0 ? `${shown(value)} critical ${value === 1 ? "alert" : "alerts"}` : "no critical alert";
    case "error-rate":
      return `${shown(value * 100)} % fail, with ${shown(limit * 100)} % allowed`;
    case "response-time":
      return `${shown(value * 1000)} ms, with ${shown(limit * 1000)} ms allowed (${times} times the baseline)`;
    case "lock-waits":
      return `${shown(value)} sessions wait for a lock, with ${shown(limit)} allowed`;
    case "replication-lag":
      return `replicas are ${shown(value)} s behind, with ${shown(limit)} s allowed`;
  }
}

/** A number as one reads it: three digits behind the point at most. */
function shown(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

function inconclusive(value: number | null, words: string): Judged {
  return { result: "inconclusive", value, words };
}
