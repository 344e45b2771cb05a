import { accept, type Outcome, refuse } from "../../change/refusal.ts";
import { checkOpening, type OpeningQuestion } from "./opening.ts";

/**
 * Whether a deployment may be put down for a moment (RFC 3339) to come: as far as it can be known now, its way is open then. Everything is
 * asked again when it begins. Refusals: SCHEDULE_PAST, ENVIRONMENT_UNKNOWN, those of `checkWindow`.
 */
export function decideSchedule(
  question: OpeningQuestion,
  environment: string,
  at: string,
): Outcome<{ readonly at: string }> {
  const { change, situation } = question;
  if (!change.environments.includes(environment)) {
    return refuse(
      "ENVIRONMENT_UNKNOWN",
      `${change.number} does not go through an environment "${environment}".`,
      `Environments: ${change.environments.join(", ") || "none"}.`,
      { place: { pointer: "/environment" } },
    );
  }
  const moment = new Date(at).toISOString();
  if (moment <= situation.now) {
    return refuse("SCHEDULE_PAST", "This moment is over.", "Choose one to come, or deploy now.", {
      place: { pointer: "/at" },
    });
  }
  const open = checkOpening({ ...question, situation: { ...situation, now: moment } }, environment);
  return open.ok ? accept({ at: moment }) : open;
}
