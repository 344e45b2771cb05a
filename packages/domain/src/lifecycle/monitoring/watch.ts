import type { DomainEvent } from "../../change/change.ts";
import { factsFor } from "../../process/facts.ts";
import type { Facts, Process } from "../../process/process.ts";
import type { RollbackTrigger } from "../../process/rollback-trigger.ts";
import { evaluateAll } from "../../process/table.ts";
import { type Judged, judgeReading, type Reading } from "./reading.ts";

/** What a process asks to be watched after a deployment to an environment. */
export interface WatchPlan {
  readonly triggers: readonly RollbackTrigger[];
  readonly intervalSeconds: number;
  /** So many failures of a trigger one after the other set it off. */
  readonly failures: number;
  readonly response: "roll-back" | "ask";
  readonly minutes: number;
}

/** A trigger under watch, with how it was judged last. */
export interface Watched {
  readonly trigger: RollbackTrigger;
  /** What was read before the deployment. */
  readonly baseline: Reading | null;
  readonly atLeast: number;
  /** Failures since it last passed. */
  readonly failures: number;
  readonly judged: (Judged & { readonly at: string }) | null;
}

/**
 * `held`: something could not be measured. `asking`: set off, and people decide. `triggered`: set off, and rolled back as soon as that can be.
 * The last three are ends: nothing is measured any more.
 */
export type WatchState = "watching" | "held" | "asking" | "triggered" | "rolling-back" | "passed" | "ended";

/** States in which a watch goes on. */
export const OPEN_WATCHES: ReadonlySet<string> = new Set<WatchState>(["watching", "held", "asking", "triggered"]);

export interface Watch extends Pick<WatchPlan, "failures" | "response"> {
  readonly state: WatchState;
  /** RFC 3339 UTC. */
  readonly until: string;
  readonly checks: readonly Watched[];
}

const MINUTES = 60;

/** What the rows that match ask for together: every trigger once, and of all else the strictest. Null where nothing is to be watched. */
export function watchPlan(process: Process, facts: Facts, environment: string): WatchPlan | null {
  if (process.triggers === undefined) return null;
  const { answers } = evaluateAll(process.triggers, factsFor(process, facts, environment));
  const triggers = [...new Map(answers.flatMap((answer) => answer.triggers.map((one) => [one.id, one]))).values()];
  if (triggers.length === 0) return null;
  return {
    triggers,
    intervalSeconds: Math.min(...answers.map((answer) => answer.intervalSeconds)),
    failures: Math.min(...answers.map((answer) => answer.failures)),
    response: answers.every((answer) => answer.response === "ask") ? "ask" : "roll-back",
    minutes: Math.max(...answers.map((answer) => answer.minutes ?? MINUTES)),
  };
}

/**
 * A watch after one more evaluation, and the events that tell of what has changed by it. A trigger that fails as often as the process says, one
 * time after the other, is set off; what is inconclusive neither counts as a failure nor makes earlier ones forgotten, and holds the watch. It
 * passes when its time is over and everything passes at once.
 */
export function advanceWatch(
  watch: Watch,
  readings: Readonly<Record<string, Reading>>,
  now: string,
): { readonly watch: Watch; readonly events: readonly DomainEvent[] } {
  const checks = watch.checks.map((check) => judge(check, readings[check.trigger.id], now));
  const told = checks.flatMap((check, index) => changes(watch.checks[index]!, check));
  if (watch.state === "asking") return { watch: { ...watch, checks }, events: told };
  const setOff = checks.filter(({ failures, judged }) => judged?.result === "fail" && failures >= watch.failures);
  if (setOff.length > 0) {
    const state = watch.response === "ask" ? "asking" : "triggered";
    const triggers = setOff.map(({ trigger: { id, title }, judged }) => ({ id, title, words: judged!.words }));
    const event = {
      type: "watch.triggered",
      details: { triggers, failures: watch.failures, response: watch.response },
    };
    return { watch: { ...watch, state, checks }, events: [...told, event] };
  }
  const results = checks.map(({ judged }) => judged?.result);
  if (results.includes("inconclusive")) return { watch: { ...watch, state: "held", checks }, events: told };
  if (now < watch.until || results.includes("fail"))
    return { watch: { ...watch, state: "watching", checks }, events: told };
  return { watch: { ...watch, state: "passed", checks }, events: [...told, { type: "watch.passed", details: {} }] };
}

function judge(check: Watched, reading: Reading | undefined, at: string): Watched {
  const judged = judgeReading(check.trigger, reading ?? { missing: "nothing measures it" }, check);
  const failures = { pass: 0, fail: check.failures + 1, inconclusive: check.failures }[judged.result];
  return { ...check, failures, judged: { ...judged, at } };
}

const TOLD = { pass: "watch.recovered", fail: "watch.failing", inconclusive: "watch.held" } as const;

function changes(before: Watched, { trigger, judged }: Watched): readonly DomainEvent[] {
  const { result, words, value } = judged!;
  if (result === (before.judged?.result ?? "pass")) return [];
  return [{ type: TOLD[result], details: { trigger: trigger.id, title: trigger.title, words, value } }];
}
