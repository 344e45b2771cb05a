import type { Change, Vote } from "../../change/change.ts";
import { accept, type Outcome, type Refused, refuse } from "../../change/refusal.ts";
import type { Status } from "../../change/status.ts";
import type { Process, Requirement } from "../../process/process.ts";
import { suggest } from "../../process/suggestion.ts";
import type { VoteInMeeting } from "./meeting.ts";
import { evaluateApprovals, takenBy } from "./quorum.ts";
import { mayShare, requirementsFor, waitsFor } from "./requirements.ts";
import {
  eligible,
  type Person,
  recusalOf,
  shareAVoice,
  standsInFor,
  type Votable,
  votersText,
  whyNot,
  whyNotFor,
} from "./voters.ts";

/** Statuses in which votes are taken: before approval, and while approvals for further environments can still be asked for. */
export const VOTING_STATUSES: ReadonlySet<Status> = new Set([
  "awaiting_approval",
  "approved",
  "scheduled",
  "failed",
  "rolled_back",
]);

/** Statuses in which only what may come until closing is voted on. */
export const RATIFYING_STATUSES: ReadonlySet<Status> = new Set(["monitoring", "reviewing"]);

export interface VoteInput {
  readonly process: Process;
  readonly change: Votable & Pick<Change, "status" | "facts" | "environments">;
  /** Left out: the vote counts for every environment. */
  readonly environment?: string;
  /** Left out: the requirements the voter can give and that still miss votes. */
  readonly requirement?: string;
  readonly decision: Vote["decision"];
  readonly comment?: string;
  /** The content the voter looked at. */
  readonly contentHash: string;
  readonly voter: Person;
  /** Whose vote it is, where the voter stands in for them. */
  readonly for?: string;
  /** The meeting it is cast in: it then counts for what its board is asked for, and for nothing else. */
  readonly meeting?: VoteInMeeting;
  readonly people: readonly Person[];
  readonly now: string;
  /** The new vote's id; a function gives each vote its own where one act gives several, a text gets `-2`, `-3` … */
  readonly voteId: string | ((requirement: string) => string);
}

/** A vote to be kept, with the requirement it is for. */
export interface VoteFor {
  readonly vote: Vote;
  readonly requirement: string;
}

/**
 * Decides what a person's vote counts for. Refusals: WRONG_STAGE, ENVIRONMENT_UNKNOWN, CONTENT_CHANGED, OWN_CHANGE, COMMENT_REQUIRED (a
 * rejection says why), RECUSED, NOT_A_STAND_IN, REQUIREMENT_UNKNOWN, NOT_AN_APPROVER (names who could), ALREADY_VOTED, APPROVAL_OUT_OF_ORDER (names what comes before),
 * NOT_ON_AGENDA, CHOOSE_REQUIREMENT (lists them).
 */
export function decideVote(input: VoteInput): Outcome<readonly VoteFor[]> {
  const refused = refuseAct(input);
  if (refused !== undefined) return refused;
  const { process, change } = input;
  const giver = giverIn(input);
  if (!giver.ok) return giver;
  const all = allRequirements(input);
  // What lets a deployment pass a freeze is never given along with something else.
  const asked = all.filter((candidate) => candidate.due !== "bypass");
  const known = input.requirement === undefined ? asked : all.filter((candidate) => candidate.id === input.requirement);
  const named = known.filter(({ from }) => input.meeting === undefined || from.board === input.meeting.board);
  if (known.length > 0 && named.length === 0) return notOnAgenda(known);
  if (named.length === 0) return unknownRequirement(input, all);
  const mine = named.filter((requirement) => whyNot(process, change, requirement, giver.value) === undefined);
  if (mine.length === 0) return notAnApprover(input, giver.value, named);
  const open = mine.filter(
    (requirement) => !hasVoted(input, requirement) && taken(input, requirement, all) === undefined,
  );
  if (open.length === 0) return alreadyVoted(input, giver.value, mine, all);
  const missing = missingIds(input);
  const early = open.filter((requirement) => waitsFor(requirement, all, (id) => !missing.has(id)).length > 0);
  if (early.length === open.length) return outOfOrder(early[0]!, missing);
  const chosen = choose(
    input,
    open.filter((requirement) => !early.includes(requirement)),
    missing,
  );
  return chosen.ok ? accept(chosen.value.map((requirement, index) => castVote(input, requirement, index))) : chosen;
}

function refuseAct(input: VoteInput): Refused | undefined {
  const { process, change, environment, decision, comment, contentHash, voter } = input;
  const ratifies = RATIFYING_STATUSES.has(change.status) && allRequirements(input).length > 0;
  if (!VOTING_STATUSES.has(change.status) && !ratifies) {
    return refuse(
      "WRONG_STAGE",
      `No votes are taken while a change is ${change.status}.`,
      `Votes are taken while it is ${[...VOTING_STATUSES].join(", ").replaceAll("_", " ")}.`,
    );
  }
  if (environment !== undefined && !change.environments.includes(environment)) {
    return refuse(
      "ENVIRONMENT_UNKNOWN",
      `The change does not go to "${environment}".`,
      suggest(environment, change.environments),
      {
        place: { pointer: "/environment" },
      },
    );
  }
  if (contentHash !== change.contentHash) {
    return refuse(
      "CONTENT_CHANGED",
      "The change is not what you looked at: its content has been edited since.",
      "Look at it again and vote on what it says now.",
      {
        place: { pointer: "/contentHash" },
        details: { lookedAt: contentHash, current: change.contentHash },
      },
    );
  }
  if (voter.handle === change.requester && !process.duties.ownChangeApproval) {
    return refuse(
      "OWN_CHANGE",
      "Nobody votes on their own change.",
      "Ask somebody else; the approvals of the change name who could.",
    );
  }
  if (decision === "reject" && (comment ?? "").trim() === "") {
    return refuse("COMMENT_REQUIRED", "A rejection says why.", "Add a comment.", { place: { pointer: "/comment" } });
  }
  return undefined;
}

/** Whose right the vote takes: the voter's own, or that of the person they stand in for. */
function giverIn({ process, change, voter, people, now, ...input }: VoteInput): Outcome<Person> {
  const recusal = recusalOf(change, voter.handle) ?? recusalOf(change, input.for ?? voter.handle);
  if (recusal !== undefined) {
    return refuse(
      "RECUSED",
      `${recusal.person} has recused themselves from this change: ${recusal.reason}`,
      "Withdraw that first, where there is no conflict of interest after all.",
    );
  }
  if (input.for === undefined || input.for === voter.handle) return accept(voter);
  if (input.for === change.requester && !process.duties.ownChangeApproval) {
    return refuse(
      "OWN_CHANGE",
      `${input.for} requested this change, and nobody votes on it for them.`,
      "Ask somebody else; the approvals of the change name who could.",
      { place: { pointer: "/for" } },
    );
  }
  const hand = people.find(({ handle }) => handle === voter.handle) ?? voter;
  const giver = people.find(({ handle }) => handle === input.for);
  const why = whyNotFor(process, change, hand, input.for, now);
  if (why === undefined && giver !== undefined) return accept(giver);
  const whom = standsInFor(hand, now);
  return refuse(
    "NOT_A_STAND_IN",
    `${voter.handle} does not stand in for ${input.for} now.`,
    whom.length === 0 ? `${input.for} can name who votes for them.` : `At present it is for ${whom.join(", ")}.`,
    { place: { pointer: "/for" }, details: { standsInFor: whom } },
  );
}

function allRequirements({ process, change, environment }: VoteInput): readonly Requirement[] {
  const environments = environment === undefined ? change.environments : [environment];
  const all = environments.flatMap((name) => requirementsFor(process, change.facts, name).requirements);
  const due = RATIFYING_STATUSES.has(change.status) ? all.filter((requirement) => requirement.due === "closing") : all;
  return [...new Map(due.map((requirement) => [requirement.id, requirement])).values()];
}

function unknownRequirement({ requirement, environment }: VoteInput, all: readonly Requirement[]): Refused {
  if (requirement === undefined) {
    return refuse(
      "NOT_AN_APPROVER",
      `The process asks for no approval ${environment === undefined ? "anywhere" : `for ${environment}`}.`,
      "There is nothing to vote on.",
    );
  }
  const ids = all.map((candidate) => candidate.id);
  return refuse("REQUIREMENT_UNKNOWN", `The change needs no approval "${requirement}".`, suggest(requirement, ids), {
    place: { pointer: "/requirement" },
    details: { requirements: ids },
  });
}

function notOnAgenda(known: readonly Requirement[]): Refused {
  return refuse(
    "NOT_ON_AGENDA",
    `The board of this meeting is not asked for it: ${known.map(({ title, from }) => `"${title}" takes ${votersText(from)}`).join("; ")}.`,
    "Vote on it outside the meeting.",
    { place: { pointer: "/meeting" } },
  );
}

function notAnApprover(
  { process, change, voter, people, now }: VoteInput,
  giver: Person,
  named: readonly Requirement[],
): Refused {
  const could = [...new Set(named.flatMap((requirement) => eligible(process, change, requirement, people)))];
  const wanted = named.map((requirement) => `"${requirement.title}" takes ${votersText(requirement.from)}`).join("; ");
  const hand = people.find(({ handle }) => handle === voter.handle) ?? voter;
  const others = giver === voter ? standsInFor(hand, now).filter((handle) => could.includes(handle)) : [];
  const who = could.length === 0 ? "Nobody here could give it yet." : `It could be given by ${could.join(", ")}.`;
  return refuse(
    "NOT_AN_APPROVER",
    `${giver.handle} cannot give this approval: ${wanted}.`,
    others.length === 0 ? who : `${who} Say that the vote is for ${others.join(" or ")}, for whom you stand in.`,
    {
      details: { couldBeGivenBy: could, why: named.map((requirement) => whyNot(process, change, requirement, giver)) },
    },
  );
}

function hasVoted(input: VoteInput, requirement: Requirement): boolean {
  return currentVotes(input).some((vote) => vote.requirement === requirement.id && shareAVoice(vote, voiceIn(input)));
}

function voiceIn({ voter, ...input }: VoteInput): Pick<Vote, "voter" | "for"> {
  return { voter: voter.handle, ...(input.for === undefined || input.for === voter.handle ? {} : { for: input.for }) };
}

function taken(input: VoteInput, requirement: Requirement, all: readonly Requirement[]): Requirement | undefined {
  if (input.decision !== "approve") return undefined;
  const approvals = currentVotes(input).filter((vote) => vote.decision === "approve");
  return takenBy(voiceIn(input), requirement, all, approvals);
}

/** Votes on the current content that speak for an environment this one speaks for as well. */
function currentVotes({ change, environment }: VoteInput): readonly Vote[] {
  return change.votes.filter(
    (vote) =>
      vote.withdrawn === undefined &&
      vote.contentHash === change.contentHash &&
      (vote.environment === undefined || environment === undefined || vote.environment === environment),
  );
}

function alreadyVoted(
  input: VoteInput,
  giver: Person,
  mine: readonly Requirement[],
  all: readonly Requirement[],
): Refused {
  const other = mine.map((requirement) => taken(input, requirement, all)).find((found) => found !== undefined);
  const what = mine.map((requirement) => `"${requirement.title}"`).join(", ");
  return mine.some((requirement) => hasVoted(input, requirement)) || other === undefined
    ? refuse(
        "ALREADY_VOTED",
        `${giver === input.voter ? giver.handle : `${giver.handle} or ${input.voter.handle}`} has voted on ${what} already.`,
        "A vote stands until the content changes, or until it is withdrawn before anything was decided.",
      )
    : refuse(
        "ALREADY_VOTED",
        `The vote of ${giver.handle} counts for "${other.title}" already.`,
        "One person cannot give both.",
      );
}

function outOfOrder({ title, after = [] }: Requirement, missing: ReadonlySet<string>): Refused {
  const before = after.filter((id) => missing.has(id));
  return refuse(
    "APPROVAL_OUT_OF_ORDER",
    `"${title}" comes after ${before.join(", ")}.`,
    "Vote when that has been given.",
    {
      details: { before },
    },
  );
}

function choose(
  input: VoteInput,
  open: readonly Requirement[],
  missing: ReadonlySet<string>,
): Outcome<readonly Requirement[]> {
  const wanted = open.filter((requirement) => missing.has(requirement.id));
  // A second approver who comes a moment after the first is heard as well.
  const candidates = wanted.length > 0 ? wanted : open;
  // One rejection is enough to stop a change, whichever requirement it is written under.
  if (input.decision === "reject") return accept(candidates.slice(0, 1));
  if (candidates.every((a) => candidates.every((b) => a === b || mayShare(a, b)))) return accept(candidates);
  const ids = candidates.map((candidate) => candidate.id);
  return refuse("CHOOSE_REQUIREMENT", `Your vote can count for one of: ${ids.join(", ")}.`, "Name the one it is for.", {
    place: { pointer: "/requirement" },
    details: { requirements: ids },
  });
}

function missingIds({ process, change, environment, people }: VoteInput): ReadonlySet<string> {
  const environments = environment === undefined ? change.environments : [environment];
  const missing = (by: "deployment" | "closing" | "bypass") =>
    environments.flatMap(
      (name) => evaluateApprovals({ process, change, environment: name, facts: change.facts, people, by }).missing,
    );
  return new Set([...missing("deployment"), ...missing("closing"), ...missing("bypass")]);
}

function castVote(input: VoteInput, requirement: Requirement, index: number): VoteFor {
  const { voteId, decision, comment, environment, contentHash, meeting, now } = input;
  const vote: Vote = {
    id: typeof voteId === "function" ? voteId(requirement.id) : index === 0 ? voteId : `${voteId}-${index + 1}`,
    requirement: requirement.id,
    ...voiceIn(input),
    decision,
    contentHash,
    at: now,
    ...(environment === undefined ? {} : { environment }),
    ...(meeting === undefined ? {} : { meeting: { id: meeting.id, present: [...meeting.present] } }),
    ...(comment === undefined || comment.trim() === "" ? {} : { comment }),
  };
  return { vote, requirement: requirement.id };
}
