import fc from "fast-check";
import { type Act, ENVIRONMENTS, isApproved, type Seen, STAGES, type StageId } from "./model.ts";

/** Somebody is about to do something to one of the changes there are; what exactly depends on how it stands then. */
export interface Intent {
  /** Which of the changes. */
  readonly which: number;
  /** `on`: what leads this change further, by somebody who may; `back`: what takes it back; otherwise anything by anybody. */
  readonly aim: "on" | "back" | "any";
  readonly who: number;
  readonly what: number;
  readonly pick: number;
  /** What is wrong with it besides: an old version, an old hash, a change that is none. */
  readonly odd: "nothing" | "version" | "hash" | "unknown";
}

/** Everybody who acts in these lives. */
export const PEOPLE = [
  "rosa",
  "dev",
  "lena",
  "archie",
  "bo",
  "wim",
  "olga",
  "quinn",
  "bora",
  "audrey",
  "admin",
] as const;
/** Those of them whose changes they are. */
export const REQUESTERS = ["rosa", "dev", "olga"] as const;

export const anyIntent: fc.Arbitrary<Intent> = fc.record({
  which: fc.nat(),
  aim: fc.oneof(
    { arbitrary: fc.constant("on" as const), weight: 16 },
    { arbitrary: fc.constant("back" as const), weight: 1 },
    { arbitrary: fc.constant("any" as const), weight: 4 },
  ),
  who: fc.nat(),
  what: fc.nat(),
  pick: fc.nat(),
  odd: fc.oneof(
    { arbitrary: fc.constant("nothing" as const), weight: 12 },
    { arbitrary: fc.constantFrom("version" as const, "hash" as const, "unknown" as const), weight: 1 },
  ),
});

export interface Meant {
  readonly act: Act;
  readonly who: string;
}

/** What an intent comes to for a change as it stands. */
export function meant(intent: Intent, seen: Seen): Meant {
  const found =
    intent.aim === "on" ? onwards(intent, seen) : intent.aim === "back" ? backwards(intent, seen) : undefined;
  const { act, who } = found ?? anything(intent, seen);
  return act.do === "vote" && intent.odd === "hash" ? { act: { ...act, hash: "0".repeat(64) }, who } : { act, who };
}

const pick = <T>(from: readonly T[], n: number): T => from[n % from.length]!;
const otherThan = (seen: Seen, ...handles: string[]) => handles.find((handle) => handle !== seen.requester)!;

function onwards(intent: Intent, seen: Seen): Meant | undefined {
  const { requester, stage } = seen;
  if (stage === "closed" || stage === "cancelled") return undefined;
  const deployer = otherThan(seen, "olga", "lena");
  if (seen.running)
    return seen.running.waitsFor === null
      ? undefined
      : { act: { do: "sign-off", step: seen.running.waitsFor }, who: pick(["dev", "quinn"], intent.who) };
  if (stage === "draft") return { act: { do: "submit" }, who: requester };
  if (stage === "rejected") return { act: { do: "rework" }, who: requester };
  const open = seen.steps.find((step) => !step.done && !step.automatic && isReached(step.stage, stage));
  if (stage === "impact-analysis" && !open) return { act: { do: "assess" }, who: pick(["dev", "lena"], intent.who) };
  if (open && stage !== "failed")
    return {
      act: { do: "complete", step: open.id, evidence: ["note", "link"] },
      who: pick(["dev", "quinn"], intent.who),
    };
  if (stage === "validation") return { act: { do: "assess" }, who: "lena" };
  if (stage !== "post-deployment" && !isApproved(seen)) {
    const rejected = seen.votes.some((vote) => vote.contentHash === seen.contentHash && vote.decision !== "approve");
    if (rejected) return { act: { do: "edit", text: `Better, take ${intent.pick}.` }, who: requester };
    const act: Act = { do: "vote", decision: "approve", hash: seen.contentHash, comment: false };
    return { act, who: otherThan(seen, "lena", "quinn") };
  }
  if (stage === "post-deployment") return { act: { do: "close" }, who: requester };
  const next = ENVIRONMENTS.find((environment) => seen.environments[environment] !== "deployed");
  return next && { act: { do: "deploy", environment: next }, who: deployer };
}

function backwards(intent: Intent, seen: Seen): Meant | undefined {
  const who = otherThan(seen, "olga", "lena");
  if (seen.running) return { act: { do: "stop" }, who };
  const last = ENVIRONMENTS.findLast((environment) =>
    ["deployed", "failed"].includes(seen.environments[environment] ?? ""),
  );
  if (last) return { act: { do: "roll-back", environment: last }, who };
  const ways: readonly Act[] = [
    { do: "rework" },
    { do: "edit", text: `Something else, take ${intent.pick}.` },
    { do: "vote", decision: "reject", hash: seen.contentHash, comment: true },
  ];
  return { act: pick(ways, intent.what), who: pick(["dev", "lena", "quinn"], intent.who) };
}

function anything(intent: Intent, seen: Seen): Meant {
  const who = pick(PEOPLE, intent.who);
  const environment = pick([...ENVIRONMENTS, "nowhere"], intent.pick);
  const steps = [...seen.steps.map(({ id }) => id), "no-step"];
  const acts: readonly Act[] = [
    { do: "submit" },
    { do: "assess" },
    { do: "rework" },
    { do: "comment" },
    { do: "attach" },
    { do: "close" },
    ...(intent.pick % 5 === 0 ? [{ do: "cancel" } as const] : []),
    { do: "edit", text: intent.pick % 3 === 0 ? undefined : `Text ${intent.pick}.` },
    { do: "complete", step: pick(steps, intent.pick), evidence: pick([["note"], ["link", "note"], []], intent.pick) },
    { do: "add-step", stage: pick(Object.keys(STAGES) as StageId[], intent.pick) },
    {
      do: "vote",
      decision: pick(["approve", "reject", "abstain"] as const, intent.pick),
      hash: seen.contentHash,
      comment: intent.pick % 4 !== 0,
    },
    { do: "deploy", environment },
    { do: "roll-back", environment },
    { do: "sign-off", step: seen.running?.waitsFor ?? "look:look" },
    { do: "stop" },
  ];
  return { act: pick(acts, intent.what), who };
}

function isReached(of: StageId, now: StageId): boolean {
  const order = Object.keys(STAGES);
  return order.indexOf(of) <= order.indexOf(now);
}
