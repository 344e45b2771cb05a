import type { Vote } from "../../change/change.ts";
import type { Board, BoardDecision } from "../../process/process.ts";
import { giverOf, type Person, seatsOf } from "./voters.ts";

/** A board's vote as it stands. `open` means that answers still to come, or seats that nobody fills, keep it from being decided. */
export interface BoardResult {
  readonly state: "approved" | "rejected" | "open";
  readonly reason: string;
  readonly for: number;
  readonly against: number;
  readonly abstained: number;
  /** Seats whose holder may vote and has not. */
  readonly toCome: number;
  /** Votes of people all of whose seats have voted already. */
  readonly unseated: readonly Vote[];
}

export interface BoardQuestion {
  readonly board: Board;
  readonly decision?: BoardDecision;
  /** Votes that count, at most one a person, in the order given. */
  readonly votes: readonly Vote[];
  /** Members who may vote on this change: its requester is usually not among them. */
  readonly members: readonly Person[];
  /** Members who keep out of it for a conflict of interest. */
  readonly recused?: readonly Person[];
  /** Handles of the members who were heard in the meeting in which was voted, where the board goes by that. */
  readonly present?: readonly string[];
}

/**
 * Counts a board's votes by seats: each seat once, each person once. It is decided as soon as no answer still to come can change it.
 * A majority is more votes for than against, the chair's vote deciding between equals; unanimous is every member who may vote being for, so that
 * an abstention is as good as a vote against; a percentage is of those for and against. Nothing passes before the quorum has answered.
 * Whoever has recused themselves is no member here; where no quorum is left without them, what the others want is not passed.
 * A board that goes by presence decides by those who were heard in its meeting, once they are a quorum: nobody waits for the others then.
 */
export function countVotes(question: BoardQuestion): BoardResult {
  const { board, decision = "majority", votes, members, recused = [], present = [] } = question;
  const holders = new Map(members.map((person) => [person.handle, seatsOf(board, person)]));
  const seated = new Map<string, string>();
  const counting = votes.filter((vote) => seat(giverOf(vote), holders, seated));
  const heard = new Map(seated);
  for (const handle of present) if (holders.has(handle)) seat(handle, holders, heard);
  const isQuorate = present.length > 0 && heard.size >= quorumOf(board, 0);
  const answered = isQuorate ? heard.size : counting.length;
  const expected = isQuorate ? [...holders.keys()].filter((handle) => present.includes(handle)) : holders.keys();
  for (const handle of expected) seat(handle, holders, seated);
  const out = seatsLeft(board, recused, holders, seated);
  const of = (kind: Vote["decision"]) => counting.filter((vote) => vote.decision === kind);
  const tally = {
    for: of("approve").length,
    against: of("reject").length,
    abstained: of("abstain").length,
    toCome: seated.size - counting.length,
  };
  const quorum = quorumOf(board, out);
  const holds = (vote: Vote, position: string) => holders.get(giverOf(vote))!.includes(position);
  const vetoed = of("reject").find((vote) => board.veto?.some((position) => holds(vote, position)));
  const chair = counting.find((vote) => holds(vote, board.chair))?.decision;
  const chairToCome =
    chair === undefined && [...seated.keys()].some((handle) => holders.get(handle)!.includes(board.chair));
  const state = vetoed === undefined ? decide(decision, tally, { chair, chairToCome }) : "rejected";
  const counts = `${tally.for} for, ${tally.against} against, ${tally.abstained} abstained, ${tally.toCome} to come${out === 0 ? "" : `, ${out} recused`}`;
  const result = { ...tally, unseated: votes.filter((vote) => !counting.includes(vote)) };
  // Of seats that nobody fills, somebody may still be given one; whoever keeps out has answered.
  const isLost = out > 0 && tally.toCome === 0 && answered < quorum && seated.size + out >= quorum;
  if (isLost)
    return { ...result, state: "rejected", reason: `${counts}; no quorum without those who recused themselves` };
  if (seated.size === 0) return { ...result, state: "open", reason: "nobody here has a seat and may vote" };
  if (vetoed !== undefined) return { ...result, state, reason: `vetoed by ${giverOf(vetoed)}` };
  if (state === "approved" && answered < quorum) {
    return { ...result, state: "open", reason: `${counts}; ${answered} of ${quorum} for a quorum` };
  }
  if (state === "open" || seated.size >= quorum) return { ...result, state, reason: counts };
  return { ...result, state, reason: `${counts}; only ${seated.size} seats can vote and ${quorum} make a quorum` };
}

/** How many of a board's seats people fill at once, each one seat. */
export function seatsTaken(board: Board, people: readonly Person[]): number {
  const holders = new Map(people.map((person) => [person.handle, seatsOf(board, person)]));
  const seated = new Map<string, string>();
  for (const handle of holders.keys()) seat(handle, holders, seated);
  return seated.size;
}

/** How many of a board's seats make a quorum when nobody keeps out. */
export function seatsNeeded(board: Board): number {
  return quorumOf(board, 0);
}

/** How many seats must have answered, of which `out` are those of members who keep out of it. */
function quorumOf({ members, quorum, recusal }: Board, out: number): number {
  if (recusal !== "lowers-quorum") return quorum ?? Math.floor(members.length / 2) + 1;
  const left = members.length - out;
  return Math.min(quorum ?? Math.floor(left / 2) + 1, Math.max(left, 1));
}

/** How many seats only those who have recused themselves could fill. */
function seatsLeft(
  board: Board,
  recused: readonly Person[],
  holders: ReadonlyMap<string, readonly string[]>,
  seated: ReadonlyMap<string, string>,
): number {
  const all = new Map([
    ...holders,
    ...recused.map((person): [string, string[]] => [person.handle, [...seatsOf(board, person)]]),
  ]);
  const filled = new Map(seated);
  for (const { handle } of recused) seat(handle, all, filled);
  return filled.size - seated.size;
}

type Tally = Pick<BoardResult, "for" | "against" | "abstained" | "toCome">;

function decide(
  decision: BoardDecision,
  tally: Tally,
  { chair, chairToCome }: { readonly chair: Vote["decision"] | undefined; readonly chairToCome: boolean },
): BoardResult["state"] {
  const { for: yes, against: no, abstained, toCome } = tally;
  if (decision === "unanimous") {
    if (no + abstained > 0) return "rejected";
    return toCome === 0 && yes > 0 ? "approved" : "open";
  }
  if (decision !== "majority") {
    const needed = (decision.percent / 100) * (yes + no + toCome);
    if (yes > 0 && yes >= needed) return "approved";
    return yes + toCome === 0 || yes + toCome < needed ? "rejected" : "open";
  }
  // Between equals the chair's vote decides, so a tie is won or lost by it.
  if (yes > no + toCome || (yes > 0 && yes === no + toCome && chair === "approve")) return "approved";
  const best = yes + toCome;
  const winsTie = chair === "approve" || chairToCome;
  if (best < no || best === 0 || (best === no && !winsTie)) return "rejected";
  return "open";
}

/** Gives a person one of their seats, moving others to another seat of theirs where that makes room; answers whether there was one. */
function seat(
  handle: string,
  holders: ReadonlyMap<string, readonly string[]>,
  seated: Map<string, string>,
  tried = new Set<string>(),
): boolean {
  if (seated.has(handle) && tried.size === 0) return true;
  for (const position of holders.get(handle)!) {
    if (tried.has(position)) continue;
    tried.add(position);
    const holder = [...seated].find(([, taken]) => taken === position)?.[0];
    if (holder === undefined || seat(holder, holders, seated, tried)) {
      seated.set(handle, position);
      return true;
    }
  }
  return false;
}
