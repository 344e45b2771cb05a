import type { Change, Recusal, Vote } from "../../change/change.ts";
import { accept, type Outcome, type Refused, refuse } from "../../change/refusal.ts";
import { FINAL_STATUSES } from "../../change/status.ts";
import type { Process, Requirement } from "../../process/process.ts";
import { evaluateApprovals } from "./quorum.ts";
import { giverOf, type Person, recusalOf, type Votable, whyNot } from "./voters.ts";

type Decidable = Votable & Pick<Change, "number" | "status" | "facts" | "environments">;

export interface SayQuestion {
  readonly process: Process;
  readonly change: Decidable;
  readonly person: string;
  readonly people: readonly Person[];
  readonly now: string;
}

/** What of a change is different when somebody takes back what they said. */
export interface Withdrawn {
  /** All votes of the change. */
  readonly votes: readonly Vote[];
  /** All recusals of the change. */
  readonly recusals: readonly Recusal[];
  /** Those votes that were taken back now. */
  readonly taken: readonly Vote[];
  /** The recusal that was. */
  readonly recusal?: Recusal;
}

/**
 * Takes back a person's votes on the content as it is now, those that somebody cast for them and those they cast for others included, and
 * their recusal; of one requirement alone where it is named. What has been decided stays as it is. Refusals: CHANGE_OVER, NO_VOTE, DECIDED.
 */
export function decideWithdrawal(question: SayQuestion & { readonly requirement?: string }): Outcome<Withdrawn> {
  const { change, person, requirement, now } = question;
  if (FINAL_STATUSES.has(change.status)) return over(change);
  const { votes, recusals = [] } = change;
  const mine = votes.filter(
    (vote) =>
      isTheirs(vote, person) &&
      vote.withdrawn === undefined &&
      vote.contentHash === change.contentHash &&
      (requirement === undefined || vote.requirement === requirement),
  );
  const recusal = requirement === undefined ? recusalOf(change, person) : undefined;
  if (mine.length === 0 && recusal === undefined) {
    return refuse(
      "NO_VOTE",
      `There is no vote of ${person} on ${change.number} to be withdrawn.`,
      "Votes on earlier contents count no more and need no withdrawal.",
    );
  }
  const decided = decidedIn(question);
  const taken = mine.filter((vote) => !decided(vote.requirement, vote.environment));
  const others = recusals.filter((one) => one !== recusal);
  const says = recusal === undefined ? [] : saysIn(question, others, decided);
  const stays = says.length > 0;
  if (taken.length === 0 && (recusal === undefined || stays)) {
    return refuseDecided(mine.length === 0 ? says : mine.map((vote) => vote.requirement));
  }
  const withdrawn = new Map(taken.map((vote) => [vote, { ...vote, withdrawn: { at: now, by: person } }]));
  return accept({
    votes: votes.map((vote) => withdrawn.get(vote) ?? vote),
    recusals: stays ? recusals : others,
    taken: [...withdrawn.values()],
    ...(recusal === undefined || stays ? {} : { recusal }),
  });
}

/**
 * Lets a person keep out of every decision on a change, for a reason that is kept; votes of theirs count no more. Refusals: CHANGE_OVER,
 * OWN_CHANGE, COMMENT_REQUIRED, ALREADY_RECUSED, DECIDED where a vote of theirs has decided already.
 */
export function decideRecusal(question: SayQuestion & { readonly reason: string }): Outcome<Recusal> {
  const { process, change, person, reason, now } = question;
  if (FINAL_STATUSES.has(change.status)) return over(change);
  if (person === change.requester && !process.duties.ownChangeApproval) {
    return refuse("OWN_CHANGE", "Nobody votes on their own change.", "There is nothing to keep out of.");
  }
  if (recusalOf(change, person) !== undefined) {
    return refuse("ALREADY_RECUSED", `${person} keeps out of ${change.number} already.`, "There is nothing to do.");
  }
  if (reason.trim() === "") {
    return refuse("COMMENT_REQUIRED", "Whoever keeps out of a decision says why.", "Give the reason.", {
      place: { pointer: "/reason" },
    });
  }
  const decided = decidedIn(question);
  const late = change.votes.filter(
    (vote) =>
      isTheirs(vote, person) &&
      vote.withdrawn === undefined &&
      vote.contentHash === change.contentHash &&
      decided(vote.requirement, vote.environment),
  );
  return late.length > 0 ? refuseDecided(late.map((vote) => vote.requirement)) : accept({ person, reason, at: now });
}

function isTheirs(vote: Vote, person: string): boolean {
  return vote.voter === person || giverOf(vote) === person;
}

function over({ number, status }: Pick<Change, "number" | "status">): Refused {
  return refuse("CHANGE_OVER", `${number} is ${status}.`, "Nothing is decided on it any more.");
}

function refuseDecided(requirements: readonly string[]): Refused {
  const ids = [...new Set(requirements)];
  return refuse(
    "DECIDED",
    `It is decided already: ${ids.join(", ")}.`,
    "An edit, or taking the change back to work, asks for every vote anew.",
    { details: { requirements: ids } },
  );
}

/** Whether a requirement is decided for an environment, or for any that the change goes through. */
function decidedIn({ process, change, people }: SayQuestion): (requirement: string, environment?: string) => boolean {
  const decided = new Map(
    change.environments.map((environment) => [
      environment,
      evaluateApprovals({ process, change, environment, facts: change.facts, people }).decided,
    ]),
  );
  return (requirement, environment) =>
    [...decided].some(
      ([name, ids]) => (environment === undefined || environment === name) && ids.includes(requirement),
    );
}

/** The decided requirements in which a person would have had a say, had they not kept out. */
function saysIn(
  { process, change, person, people }: SayQuestion,
  recusals: readonly Recusal[],
  decided: (id: string) => boolean,
): readonly string[] {
  const open = { ...change, recusals };
  const known = people.find(({ handle }) => handle === person);
  const requirements = change.environments.flatMap(
    (environment) => evaluateApprovals({ process, change, environment, facts: change.facts, people }).requirements,
  );
  const could = (requirement: Requirement) =>
    known !== undefined && whyNot(process, open, requirement, known) === undefined && decided(requirement.id);
  return [...new Set(requirements.filter(could).map(({ id }) => id))];
}
