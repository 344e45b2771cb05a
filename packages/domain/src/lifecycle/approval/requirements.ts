import { factsFor } from "../../process/facts.ts";
import type { Explanation, Facts, Process, Requirement } from "../../process/process.ts";
import { evaluate } from "../../process/table.ts";

/** What an environment asks for, and which rows say so. `matched` false means that no row spoke, which is never an approval. */
export interface Requirements {
  readonly requirements: readonly Requirement[];
  readonly matched: boolean;
  readonly explanation: Explanation;
}

/**
 * The approvals a change needs for one environment. The rows of the table add up; a requirement that several rows name under one id is one
 * requirement, with the largest count any of them asks for.
 */
export function requirementsFor(process: Process, facts: Facts, environment: string): Requirements {
  const { answers, explanation } = evaluate(process.approvals, factsFor(process, facts, environment));
  const byId = new Map<string, Requirement>();
  for (const requirement of answers.flatMap((answer) => answer.requirements)) {
    const known = byId.get(requirement.id);
    if (known === undefined || asksMore(requirement, known)) byId.set(requirement.id, requirement);
  }
  return { requirements: [...byId.values()], matched: answers.length > 0, explanation };
}

/** Whether one person's vote may count for both requirements. */
export function mayShare(a: Requirement, b: Requirement): boolean {
  return a.mayShare?.includes(b.id) === true || b.mayShare?.includes(a.id) === true;
}

function asksMore(a: Requirement, b: Requirement): boolean {
  if (b.count === "all") return false;
  return a.count === "all" || a.count > b.count;
}
