import type { FieldValues } from "../change/change.ts";
import type { Problem } from "../change/refusal.ts";
import { matches, mismatch, mismatchText } from "./conditions.ts";
import type { Facts, Process, StandingChange } from "./process.ts";

/** The form's field, and the fact, that says which standing change a change is. */
export const STANDING = "standing";
/** The fact of a change that is none, or does not meet the conditions. */
export const NOT_STANDING = "none";

/** The entry of the catalogue that a form names; undefined where it names none. */
export function standingOf({ standing = [] }: Process, fields: FieldValues): StandingChange | undefined {
  return standing.find(({ id }) => id === fields[STANDING]);
}

/** The fact as it is once everything else is concluded: a claim whose conditions do not hold counts for nothing. */
export function standingFact({ standing = [] }: Process, facts: Facts): string | undefined {
  if (standing.length === 0) return undefined;
  const claimed = standing.find(({ id }) => id === facts[STANDING]);
  return claimed !== undefined && matches(claimed.when, facts) ? claimed.id : NOT_STANDING;
}

/**
 * What keeps a form from being the standing change that it names: STANDING_EXPIRED, where the day (YYYY-MM-DD) is known and after its last,
 * and STANDING_CONDITIONS, where something does not hold.
 */
export function standingProblems(
  process: Process,
  fields: FieldValues,
  facts: Facts,
  today: string | undefined,
): readonly Problem[] {
  const entry = standingOf(process, fields);
  if (entry === undefined) return [];
  const place = { pointer: `/fields/${STANDING}` };
  const problems: Problem[] = [];
  if (today !== undefined && today > entry.expires)
    problems.push({
      code: "STANDING_EXPIRED",
      message: `${entry.title} could be used until ${entry.expires}.`,
      hint: `Leave it out and ask for the approvals, or ask its owner (${entry.owner}) to renew it.`,
      place,
    });
  // What the fact itself says is what is asked here.
  const failed = mismatch(entry.when, facts);
  if (failed !== undefined)
    problems.push({
      code: "STANDING_CONDITIONS",
      message: `This is not ${entry.title}: ${mismatchText(failed)}.`,
      hint: "Leave it out, so that the approvals of the change itself are asked for, or correct what is named.",
      place,
    });
  return problems;
}
