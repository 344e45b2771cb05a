import type { Explanation, Facts, Process } from "../../process/process.ts";
import { evaluateAll } from "../../process/table.ts";

/**
 * How a change is taken back: the steps of every matching row, each once, and whether the way back must have been rehearsed.
 * Where no row matches, nothing is known and the rehearsal is required.
 */
export function rollbackProcedure(
  process: Process,
  facts: Facts,
): {
  readonly procedure: readonly string[];
  readonly rehearsed: "required" | "advised";
  readonly explanation: Explanation;
} {
  const { answers, explanation } = evaluateAll(process.rollback, facts);
  const advised = explanation.met && answers.every((answer) => answer.rehearsed === "advised");
  return {
    procedure: [...new Set(answers.flatMap((answer) => answer.procedure))],
    rehearsed: advised ? "advised" : "required",
    explanation,
  };
}

/** What is owed after a deployment: the longest monitoring period of the matching rows, in days, and all their obligations. */
export function obligations(
  process: Process,
  facts: Facts,
): { readonly monitoringDays: number; readonly obligations: readonly string[]; readonly explanation: Explanation } {
  const { answers, explanation } = evaluateAll(process.afterwards, facts);
  return {
    monitoringDays: Math.max(0, ...answers.map((answer) => answer.monitoringDays)),
    obligations: [...new Set(answers.flatMap((answer) => answer.obligations))],
    explanation,
  };
}

/** The environment before this one in promotion order, or null for the first; throws when the list does not name it. */
export function previousEnvironment(environments: readonly string[], name: string): string | null {
  const index = environments.indexOf(name);
  if (index < 0) throw new RangeError(`${name} is not one of ${environments.join(", ")}`);
  return environments[index - 1] ?? null;
}
