import type { Assessment } from "../../change/change.ts";
import { accept, type Outcome, type Problem, refuse } from "../../change/refusal.ts";
import type { Facts } from "../../process/process.ts";

export const COMPLEXITIES = ["low", "medium", "high"] as const;

/** What an assessor says; `facts` are those gathered before the assessment. */
export interface AssessmentInput {
  readonly facts: Facts;
  readonly impact: string;
  readonly breaking?: boolean;
  readonly complexity: string;
  /** Numbers of the changes this one depends on. */
  readonly dependencies?: readonly string[];
  readonly by: string;
  readonly now: string;
}

/**
 * Makes the assessment of a change. `breaking` may only raise: what the facts already call breaking stays breaking.
 * Refused as ASSESSMENT_INVALID with every problem at once, each at `/impact`, `/complexity`.
 */
export function decideAssessment(input: AssessmentInput): Outcome<Assessment> {
  const { facts, impact, complexity, dependencies = [], by, now } = input;
  const problems: Problem[] = [];
  if (impact.trim() === "") {
    problems.push({
      code: "FIELD_REQUIRED",
      message: "The impact is required.",
      place: { pointer: "/impact" },
      hint: "Say what is affected and how.",
    });
  }
  const known = COMPLEXITIES.find((candidate) => candidate === complexity);
  if (known === undefined) {
    problems.push({
      code: "FIELD_VALUE",
      message: `The complexity cannot be "${complexity}".`,
      place: { pointer: "/complexity" },
      hint: `Possible: ${COMPLEXITIES.join(", ")}.`,
    });
  }
  if (known === undefined || problems.length > 0) {
    return refuse(
      "ASSESSMENT_INVALID",
      problems.map((problem) => problem.message).join(" "),
      "Correct what is named.",
      { problems },
    );
  }
  const breaking = input.breaking === true || facts.breaking === true;
  return accept({ impact, breaking, complexity: known, dependencies: [...new Set(dependencies)], by, at: now });
}
