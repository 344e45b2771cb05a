import { accept, type Outcome, refuse } from "../../change/refusal.ts";
import type { StandIn } from "../../change/situation.ts";

/** Somebody who names another to vote for them for a time. */
export interface Delegation {
  readonly person: string;
  readonly delegate: string;
  /** RFC 3339; from now on where it is left out. */
  readonly from?: string;
  readonly until: string;
}

export interface DelegationQuestion extends Delegation {
  /** Times for which the person has named somebody already. */
  readonly named: readonly (Pick<StandIn, "from" | "until"> & { readonly delegate: string })[];
  /** Handles of everybody who is known and not disabled. */
  readonly people: readonly string[];
  readonly now: string;
}

/**
 * Decides whether somebody may vote for another for a time; each person has at most one stand-in at a time, so that nobody has to guess who
 * speaks for them. Refusals: DELEGATION_INVALID, PERSON_UNKNOWN, DELEGATION_OVERLAPS.
 */
export function decideDelegation(
  question: DelegationQuestion,
): Outcome<{ readonly from: string; readonly until: string }> {
  const { person, delegate, until, named, people, now } = question;
  // What was done before is not for a later word to allow.
  const begin = Math.max(Date.parse(question.from ?? now), Date.parse(now));
  const end = Date.parse(until);
  if (person === delegate) return invalid("Nobody stands in for themselves.", "/delegate");
  const unknown = [person, delegate].find((handle) => !people.includes(handle));
  if (unknown !== undefined) {
    return refuse("PERSON_UNKNOWN", `There is nobody called "${unknown}".`, "Use the person's handle.", {
      place: { pointer: unknown === delegate ? "/delegate" : "/person" },
    });
  }
  if (end <= begin) return invalid("The time ends before it begins, or is over.", "/until");
  const other = named.find((one) => Date.parse(one.from) < end && begin < Date.parse(one.until));
  if (other !== undefined) {
    return refuse(
      "DELEGATION_OVERLAPS",
      `${other.delegate} stands in for ${person} from ${other.from} until ${other.until} already.`,
      "End that first, or choose another time.",
      { place: { pointer: "/from" } },
    );
  }
  return accept({ from: new Date(begin).toISOString(), until: new Date(end).toISOString() });
}

function invalid(message: string, pointer: string) {
  return refuse("DELEGATION_INVALID", message, "A person names another one, for a time that is still to come.", {
    place: { pointer },
  });
}
