import type { Vote } from "../../change/change.ts";
import type { Explanation, Facts, Process, Requirement } from "../../process/process.ts";
import { limitText } from "../../process/times.ts";
import { type BoardResult, countVotes } from "./board-vote.ts";
import { decisionText, mayShare, requirementsFor, waitsFor } from "./requirements.ts";
import {
  boardOf,
  eligible,
  giverOf,
  namedIn,
  type Person,
  recusalOf,
  seatsOf,
  shareAVoice,
  type Votable,
  votersText,
  whyNot,
  whyNotFor,
} from "./voters.ts";

export interface ApprovalQuestion {
  readonly process: Process;
  readonly change: Votable;
  readonly environment: string;
  readonly facts: Facts;
  /** Everybody whose rights matter; a vote of somebody who is not among them does not count. */
  readonly people: readonly Person[];
  /**
   * `closing` asks for what may come after the deployment, `bypass` for what lets it start when no window is open, and each for that alone;
   * everything else is asked for before it.
   */
  readonly by?: "deployment" | "closing" | "bypass";
}

/** Whether an environment's approvals are there, and a tree that says of each requirement and each vote why it counts or not. */
export interface ApprovalResult {
  readonly met: boolean;
  /** The vote against that decided: the first one, or the last of a board that decided against it. */
  readonly rejectedBy?: Vote;
  /** Whether somebody or a board has decided against it. */
  readonly rejected: boolean;
  readonly requirements: readonly Requirement[];
  /** Ids of the requirements that still miss votes. */
  readonly missing: readonly string[];
  /** Ids of the requirements, whenever they are due, that were given or decided against. */
  readonly decided: readonly string[];
  /** Ids of those among them that were decided against. */
  readonly lost: readonly string[];
  readonly explanation: Explanation;
}

/**
 * Judges the votes on a change for one environment. A vote counts when it is on the content as it is now, for this environment or all of
 * them, by somebody who may give the requirement at this moment, once per person and requirement; for a second requirement only where the
 * process lets the two share. A vote that somebody cast for another takes the right of the one and the hand of the other, and counts as a
 * vote of both. What was withdrawn does not count, nor does anybody who has recused themselves. Abstaining is no approval, and an environment that no row speaks of is not approved. A board answers by its own
 * vote, so that one member against it does not decide alone; a requirement that comes after others is not met before they are.
 */
export function evaluateApprovals(question: ApprovalQuestion): ApprovalResult {
  const { process, change, environment, facts } = question;
  const { requirements, matched, explanation: rows } = requirementsFor(process, facts, environment);
  const relevant = change.votes.filter((vote) =>
    requirements.some((requirement) => requirement.id === vote.requirement),
  );
  const counted = new Map<Vote, string | undefined>();
  for (const vote of relevant) counted.set(vote, whyNotCounted(vote, question, requirements, counted));
  const verdicts = requirements.map((requirement) => judge(requirement, question, requirements, counted));
  const judged = inOrder(requirements, verdicts);
  const due = requirements.filter((requirement) => (requirement.due ?? "deployment") === (question.by ?? "deployment"));
  const missing = due.map(({ id }) => id).filter((id) => !judged.some((child) => child.id === id && child.met));
  const against = verdicts.filter((verdict) => verdict.rejected && due.some(({ id }) => id === verdict.child.id));
  const rejectedBy = against.find((verdict) => verdict.against !== undefined)?.against;
  const rejected = against.length > 0;
  const met = matched && !rejected && missing.length === 0;
  const explanation: Explanation = {
    id: environment,
    title: `Approvals for ${environment}`,
    met,
    reason: reasonFor(environment, matched, rejected, rejectedBy, missing),
    children: [...judged, { ...rows, title: "Which rows apply" }],
  };
  const decided = verdicts.filter(({ child, rejected: lost }) => child.met || lost).map(({ child }) => child.id);
  const lost = verdicts.filter((verdict) => verdict.rejected).map(({ child }) => child.id);
  return {
    met,
    requirements,
    missing,
    decided,
    lost,
    rejected,
    explanation,
    ...(rejectedBy === undefined ? {} : { rejectedBy }),
  };
}

/** The requirement among those given that counting votes of a voice, or by its hand, already stand for and that cannot share with this one. */
export function takenBy(
  voice: Pick<Vote, "voter" | "for">,
  requirement: Requirement,
  requirements: readonly Requirement[],
  votes: readonly Vote[],
): Requirement | undefined {
  return requirements.find(
    (other) =>
      other.id !== requirement.id &&
      !mayShare(requirement, other) &&
      votes.some((vote) => vote.requirement === other.id && shareAVoice(vote, voice)),
  );
}

function whyNotCounted(
  vote: Vote,
  { process, change, environment, people }: ApprovalQuestion,
  requirements: readonly Requirement[],
  earlier: ReadonlyMap<Vote, string | undefined>,
): string | undefined {
  if (vote.withdrawn !== undefined) return "does not count: it was withdrawn";
  if (vote.contentHash !== change.contentHash) return "does not count: the content has changed since";
  if (vote.environment !== undefined && vote.environment !== environment) return `counts for ${vote.environment} only`;
  const voter = people.find((candidate) => candidate.handle === vote.voter);
  const giver = people.find((candidate) => candidate.handle === giverOf(vote));
  if (voter === undefined || giver === undefined) return "does not count: nobody of this name is known here";
  const hand = vote.for === undefined ? undefined : whyNotFor(process, change, voter, vote.for, vote.at);
  if (hand !== undefined) return `does not count: ${vote.voter} ${hand}`;
  const requirement = requirements.find((candidate) => candidate.id === vote.requirement)!;
  const reason = whyNot(process, change, requirement, giver);
  if (reason !== undefined) return `does not count: ${giver.handle} ${reason}`;
  const counting = [...earlier].filter(([, why]) => why === undefined).map(([other]) => other);
  const twice = counting.find((other) => other.requirement === vote.requirement && shareAVoice(other, vote));
  if (twice !== undefined) {
    const who = twice.voter === vote.voter || twice.voter === giverOf(vote) ? twice.voter : giverOf(twice);
    return `does not count: ${who} has voted on this before`;
  }
  const approvals = counting.filter((other) => other.decision === "approve");
  const taken = vote.decision === "approve" ? takenBy(vote, requirement, requirements, approvals) : undefined;
  return (
    taken && `does not count: the vote of ${giver.handle} counts for "${taken.title}" already, and the two cannot share`
  );
}

/** A requirement's part of the tree, and whether it decided against the change. */
interface Verdict {
  readonly child: Explanation;
  readonly rejected: boolean;
  readonly against?: Vote;
}

function judge(
  requirement: Requirement,
  question: ApprovalQuestion,
  requirements: readonly Requirement[],
  counted: ReadonlyMap<Vote, string | undefined>,
): Verdict {
  const { process, change, people } = question;
  const own = [...counted].filter(([vote]) => vote.requirement === requirement.id);
  const valid = own.filter(([, why]) => why === undefined).map(([vote]) => vote);
  const valids = [...counted]
    .filter(([vote, why]) => why === undefined && vote.decision === "approve")
    .map(([vote]) => vote);
  const could = eligible(process, change, requirement, people).filter(
    (handle) =>
      !valid.some((vote) => shareAVoice(vote, { voter: handle })) &&
      takenBy({ voter: handle }, requirement, requirements, valids) === undefined,
  );
  const board = requirement.from.board === undefined ? undefined : judgeBoard(requirement, question, valid);
  const { met, rejected, reason } = board?.verdict ?? judgeCount(requirement, question, valid, could);
  const against = valid.filter((vote) => vote.decision === "reject").at(board === undefined ? 0 : -1);
  const child: Explanation = {
    id: requirement.id,
    title: titleOf(requirement),
    met,
    reason,
    ...(met || rejected ? {} : { couldBeGivenBy: could }),
    children: own.map(([vote, why]) => ({
      id: vote.id,
      title: `${vote.voter}${vote.for === undefined ? "" : ` for ${vote.for}`}: ${vote.decision}`,
      met: why === undefined && vote.decision === "approve",
      reason:
        why ??
        (board?.result.unseated.includes(vote)
          ? "does not count: every seat of theirs has voted"
          : vote.decision === "abstain"
            ? "abstained, which is no approval"
            : "counts"),
      children: [],
    })),
  };
  return { child, rejected, ...(rejected && against !== undefined ? { against } : {}) };
}

function judgeCount(
  requirement: Requirement,
  { process, change }: ApprovalQuestion,
  valid: readonly Vote[],
  could: readonly string[],
) {
  const approvers = valid.filter((vote) => vote.decision === "approve").map(giverOf);
  const wanted = wantedVoters(requirement, process, change);
  const needed = wanted === undefined ? Number(requirement.count) : wanted.length;
  const given = wanted === undefined ? approvers : wanted.filter((handle) => approvers.includes(handle));
  const rejected = valid.some((vote) => vote.decision === "reject");
  const met = needed > 0 && given.length >= needed && !rejected;
  // Those who abstain or keep out have answered as well: it then waits for somebody to think again, and not for anybody to vote.
  const answered = could.length === 0 && (valid.length > approvers.length || (change.recusals ?? []).length > 0);
  return { met, rejected, reason: judgedReason({ met, rejected, needed, given, could, answered }) };
}

function judgeBoard(
  requirement: Requirement,
  { process, change, people }: ApprovalQuestion,
  votes: readonly Vote[],
): { readonly result: BoardResult; readonly verdict: { met: boolean; rejected: boolean; reason: string } } {
  const board = boardOf(process, requirement.from.board!);
  const members = people.filter((person) => whyNot(process, change, requirement, person) === undefined);
  const recused = people.filter(({ handle }) => recusalOf(change, handle) !== undefined && handle !== change.requester);
  const present = board.quorumBy === undefined ? undefined : votes.findLast((vote) => vote.meeting)?.meeting?.present;
  const result = countVotes({
    board,
    votes,
    members,
    ...(present === undefined ? {} : { present }),
    recused: recused.filter((person) => seatsOf(board, person).length > 0),
    ...(requirement.decision === undefined ? {} : { decision: requirement.decision }),
  });
  const { state, reason } = result;
  const words = { approved: "decided for it", rejected: "decided against it", open: "not decided" }[state];
  return {
    result,
    verdict: { met: state === "approved", rejected: state === "rejected", reason: `${words}: ${reason}` },
  };
}

const DUE_TEXTS = {
  closing: ", until it is closed",
  bypass: ", only to start outside windows and in freezes",
} as const;

function titleOf(requirement: Requirement): string {
  const { title, count, from, within } = requirement;
  const what =
    from.board === undefined ? `${count} × ${votersText(from)}` : `${votersText(from)}, ${decisionText(requirement)}`;
  const until = requirement.due === undefined ? "" : DUE_TEXTS[requirement.due];
  return `${title}: ${what}${within === undefined ? "" : `, within ${limitText(within)}`}${until}`;
}

/** What comes after others is not met before they are. */
function inOrder(requirements: readonly Requirement[], verdicts: readonly Verdict[]): readonly Explanation[] {
  return verdicts.map(({ child }, index) => {
    const waits = waitsFor(requirements[index]!, requirements, (id) =>
      verdicts.some((verdict) => verdict.child.id === id && verdict.child.met),
    );
    return waits.length === 0 ? child : { ...child, met: false, reason: `comes after ${waits.join(", ")}` };
  });
}

/** For "all": everybody named who may vote at all, which leaves out the requester of the change and those who have recused themselves. */
function wantedVoters(requirement: Requirement, process: Process, change: Votable): readonly string[] | undefined {
  if (requirement.count !== "all") return undefined;
  const named = requirement.from.field === undefined ? [] : namedIn(change, requirement.from.field);
  return named.filter(
    (handle) =>
      (process.duties.ownChangeApproval || handle !== change.requester) && recusalOf(change, handle) === undefined,
  );
}

function judgedReason(verdict: {
  readonly met: boolean;
  readonly rejected: boolean;
  readonly needed: number;
  readonly given: readonly string[];
  readonly could: readonly string[];
  readonly answered: boolean;
}): string {
  const { met, rejected, needed, given, could, answered } = verdict;
  if (met) return `given by ${given.join(", ")}`;
  if (rejected) return "rejected";
  if (needed === 0) return "nobody is named who could give it";
  if (answered) {
    return `${given.length} of ${needed} given; everybody who could give it has answered, so it takes one of them to withdraw that, or somebody more`;
  }
  const who = could.length === 0 ? "nobody here could give it" : `could be given by ${could.join(", ")}`;
  return `${given.length} of ${needed} given; ${who}`;
}

function reasonFor(
  environment: string,
  matched: boolean,
  rejected: boolean,
  rejectedBy: Vote | undefined,
  missing: readonly string[],
): string {
  if (!matched) return `no row says what ${environment} needs, and that is not an approval`;
  if (rejected) return rejectedBy === undefined ? "decided against" : `rejected by ${rejectedBy.voter}`;
  return missing.length === 0 ? "every requirement is met" : `missing: ${missing.join(", ")}`;
}
