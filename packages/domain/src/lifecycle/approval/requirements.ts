import { factsFor } from "../../process/facts.ts";
import type { BoardDecision, Explanation, Facts, Process, Requirement } from "../../process/process.ts";
import { evaluateAll } from "../../process/table.ts";
import type { Limit } from "../../process/times.ts";

/** What an environment asks for, and which rows say so. `matched` false means that no row spoke, which is never an approval. */
export interface Requirements {
  readonly requirements: readonly Requirement[];
  readonly matched: boolean;
  readonly explanation: Explanation;
}

/**
 * The approvals a change needs for one environment. The rows of the table add up; a requirement that several rows name under one id is one
 * requirement, with the largest count and the strictest decision of a board that any of them asks for (unanimity implies majority), within the
 * shortest time.
 */
export function requirementsFor(process: Process, facts: Facts, environment: string): Requirements {
  const { answers, explanation } = evaluateAll(process.approvals, factsFor(process, facts, environment));
  const byId = new Map<string, Requirement>();
  for (const requirement of answers.flatMap((answer) => answer.requirements)) {
    const known = byId.get(requirement.id);
    byId.set(requirement.id, known === undefined ? requirement : stricter(known, requirement));
  }
  return { requirements: [...byId.values()], matched: explanation.met, explanation };
}

/** Whether one person's vote may count for both requirements. */
export function mayShare(a: Requirement, b: Requirement): boolean {
  return a.mayShare?.includes(b.id) === true || b.mayShare?.includes(a.id) === true;
}

/** How a board decides, in words. */
export function decisionText({ decision = "majority" }: Requirement): string {
  if (decision === "unanimous") return "unanimously";
  return decision === "majority" ? "by majority" : `by ${decision.percent} %`;
}

/** Those among the requirements that a requirement comes after and that are not met. */
export function waitsFor(
  { after = [] }: Requirement,
  requirements: readonly Requirement[],
  isMet: (id: string) => boolean,
): readonly string[] {
  return after.filter((id) => requirements.some((other) => other.id === id) && !isMet(id));
}

function stricter(a: Requirement, b: Requirement): Requirement {
  const counted = asksMore(b, a) ? b : a;
  const decided = strictness(b.decision) > strictness(a.decision) ? b : a;
  const sooner = hours(b.within) < hours(a.within) ? b : a;
  const { within: _, escalateTo: __, ...rest } = counted;
  return {
    ...rest,
    ...(decided.decision === undefined ? {} : { decision: decided.decision }),
    ...(sooner.within === undefined ? {} : { within: sooner.within }),
    ...(sooner.escalateTo === undefined ? {} : { escalateTo: sooner.escalateTo }),
  };
}

/** A working day counts as a whole one, since the night before its end may lie in it; so do eight working hours. */
function hours(limit: Limit | undefined): number {
  if (limit === undefined) return Number.POSITIVE_INFINITY;
  if ("hours" in limit) return limit.hours;
  return "workingHours" in limit ? limit.workingHours * 3 : limit.workingDays * 24;
}

function strictness(decision: BoardDecision = "majority"): number {
  if (decision === "majority") return 50;
  return decision === "unanimous" ? 101 : decision.percent;
}

function asksMore(a: Requirement, b: Requirement): boolean {
  if (b.count === "all") return false;
  return a.count === "all" || a.count > b.count;
}
