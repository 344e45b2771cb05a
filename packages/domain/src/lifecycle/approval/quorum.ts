import type { Vote } from "../../change/change.ts";
import type { Explanation, Facts, Process, Requirement } from "../../process/process.ts";
import { mayShare, requirementsFor } from "./requirements.ts";
import { eligible, namedIn, type Person, type Votable, votersText, whyNot } from "./voters.ts";

export interface ApprovalQuestion {
  readonly process: Process;
  readonly change: Votable;
  readonly environment: string;
  readonly facts: Facts;
  /** Everybody whose rights matter; a vote of somebody who is not among them does not count. */
  readonly people: readonly Person[];
}

/** Whether an environment's approvals are there, and a tree that says of each requirement and each vote why it counts or not. */
export interface ApprovalResult {
  readonly met: boolean;
  /** The first counting vote against. */
  readonly rejectedBy?: Vote;
  readonly requirements: readonly Requirement[];
  /** Ids of the requirements that still miss votes. */
  readonly missing: readonly string[];
  readonly explanation: Explanation;
}

/**
 * Judges the votes on a change for one environment. A vote counts when it is on the content as it is now, for this environment or all of
 * them, by somebody who may give the requirement at this moment, once per person and requirement; for a second requirement only where the
 * process lets the two share. Abstaining is no approval, and an environment that no row speaks of is not approved.
 */
export function evaluateApprovals(question: ApprovalQuestion): ApprovalResult {
  const { process, change, environment, facts } = question;
  const { requirements, matched, explanation: rows } = requirementsFor(process, facts, environment);
  const relevant = change.votes.filter((vote) =>
    requirements.some((requirement) => requirement.id === vote.requirement),
  );
  const counted = new Map<Vote, string | undefined>();
  for (const vote of relevant) counted.set(vote, whyNotCounted(vote, question, requirements, counted));
  const judged = requirements.map((requirement) => judge(requirement, question, requirements, counted));
  const rejectedBy = relevant.find((vote) => vote.decision === "reject" && counted.get(vote) === undefined);
  const met = matched && rejectedBy === undefined && judged.every((child) => child.met);
  const missing = judged.filter((child) => !child.met).map((child) => child.id);
  const explanation: Explanation = {
    id: environment,
    title: `Approvals for ${environment}`,
    met,
    reason: reasonFor(environment, matched, rejectedBy, missing),
    children: [...judged, { ...rows, title: `Which rows apply: ${rows.title}` }],
  };
  return { met, requirements, missing, explanation, ...(rejectedBy === undefined ? {} : { rejectedBy }) };
}

/** The requirement among those given that a person's counting votes already stand for and that cannot share with this one. */
export function takenBy(
  handle: string,
  requirement: Requirement,
  requirements: readonly Requirement[],
  votes: readonly Vote[],
): Requirement | undefined {
  return requirements.find(
    (other) =>
      other.id !== requirement.id &&
      !mayShare(requirement, other) &&
      votes.some((vote) => vote.voter === handle && vote.requirement === other.id),
  );
}

function whyNotCounted(
  vote: Vote,
  { process, change, environment, people }: ApprovalQuestion,
  requirements: readonly Requirement[],
  earlier: ReadonlyMap<Vote, string | undefined>,
): string | undefined {
  if (vote.contentHash !== change.contentHash) return "does not count: the content has changed since";
  if (vote.environment !== undefined && vote.environment !== environment) return `counts for ${vote.environment} only`;
  const person = people.find((candidate) => candidate.handle === vote.voter);
  if (person === undefined) return "does not count: nobody of this name is known here";
  const requirement = requirements.find((candidate) => candidate.id === vote.requirement)!;
  const reason = whyNot(process, change, requirement, person);
  if (reason !== undefined) return `does not count: ${vote.voter} ${reason}`;
  const counting = [...earlier].filter(([, why]) => why === undefined).map(([other]) => other);
  if (counting.some((other) => other.voter === vote.voter && other.requirement === vote.requirement)) {
    return `does not count: ${vote.voter} has voted on this before`;
  }
  const approvals = counting.filter((other) => other.decision === "approve");
  const taken = vote.decision === "approve" ? takenBy(vote.voter, requirement, requirements, approvals) : undefined;
  return (
    taken && `does not count: the vote of ${vote.voter} counts for "${taken.title}" already, and the two cannot share`
  );
}

function judge(
  requirement: Requirement,
  { process, change, people }: ApprovalQuestion,
  requirements: readonly Requirement[],
  counted: ReadonlyMap<Vote, string | undefined>,
): Explanation {
  const own = [...counted].filter(([vote]) => vote.requirement === requirement.id);
  const valid = own.filter(([, why]) => why === undefined).map(([vote]) => vote);
  const approvers = valid.filter((vote) => vote.decision === "approve").map((vote) => vote.voter);
  const wanted = wantedVoters(requirement, process, change);
  const needed = wanted === undefined ? Number(requirement.count) : wanted.length;
  const given = wanted === undefined ? approvers : wanted.filter((handle) => approvers.includes(handle));
  const rejected = valid.some((vote) => vote.decision === "reject");
  const met = needed > 0 && given.length >= needed && !rejected;
  const valids = [...counted]
    .filter(([vote, why]) => why === undefined && vote.decision === "approve")
    .map(([vote]) => vote);
  const could = eligible(process, change, requirement, people).filter(
    (handle) =>
      !valid.some((vote) => vote.voter === handle) && takenBy(handle, requirement, requirements, valids) === undefined,
  );
  return {
    id: requirement.id,
    title: `${requirement.title}: ${requirement.count} × ${votersText(requirement.from)}`,
    met,
    reason: judgedReason({ met, rejected, needed, given, could }),
    ...(met ? {} : { couldBeGivenBy: could }),
    children: own.map(([vote, why]) => ({
      id: vote.id,
      title: `${vote.voter}: ${vote.decision}`,
      met: why === undefined && vote.decision === "approve",
      reason: why ?? (vote.decision === "abstain" ? "abstained, which is no approval" : "counts"),
      children: [],
    })),
  };
}

/** For "all": everybody named who may vote at all, which leaves out the requester of the change. */
function wantedVoters(requirement: Requirement, process: Process, change: Votable): readonly string[] | undefined {
  if (requirement.count !== "all") return undefined;
  const named = requirement.from.field === undefined ? [] : namedIn(change, requirement.from.field);
  return named.filter((handle) => process.duties.ownChangeApproval || handle !== change.requester);
}

function judgedReason(verdict: {
  readonly met: boolean;
  readonly rejected: boolean;
  readonly needed: number;
  readonly given: readonly string[];
  readonly could: readonly string[];
}): string {
  const { met, rejected, needed, given, could } = verdict;
  if (met) return `given by ${given.join(", ")}`;
  if (rejected) return "rejected";
  if (needed === 0) return "nobody is named who could give it";
  const who = could.length === 0 ? "nobody here could give it" : `could be given by ${could.join(", ")}`;
  return `${given.length} of ${needed} given; ${who}`;
}

function reasonFor(
  environment: string,
  matched: boolean,
  rejectedBy: Vote | undefined,
  missing: readonly string[],
): string {
  if (!matched) return `no row says what ${environment} needs, and that is not an approval`;
  if (rejectedBy !== undefined) return `rejected by ${rejectedBy.voter}`;
  return missing.length === 0 ? "every requirement is met" : `missing: ${missing.join(", ")}`;
}
