import type { Change, Vote } from "../../change/change.ts";
import type { KnownPerson } from "../../change/situation.ts";
import type { Board, Process, Requirement, Voters } from "../../process/process.ts";

/** Somebody as far as votes are concerned. */
export type Person = KnownPerson;

/** The part of a change that decides who may vote on it. */
export type Votable = Pick<Change, "requester" | "team" | "fields" | "votes" | "recusals" | "contentHash">;

/** Why a person may not give a requirement, or undefined when they may. Every part that the requirement states must hold. */
export function whyNot(
  process: Process,
  change: Votable,
  requirement: Requirement,
  person: Person,
): string | undefined {
  if (person.handle === change.requester && !process.duties.ownChangeApproval) {
    return "is the requester, and nobody approves their own change";
  }
  const recusal = recusalOf(change, person.handle);
  if (recusal !== undefined) return `has recused themselves: ${recusal.reason}`;
  const { team, roles, position, board, field } = requirement.from;
  const teamName = team === "owning" ? change.team : team;
  if (teamName !== undefined && (teamName === null || !person.teams.includes(teamName))) {
    return teamName === null ? "cannot be in the owning team, since there is none" : `is not in team ${teamName}`;
  }
  if (roles !== undefined && !person.roles.some((role) => roles.includes(role))) {
    return `has none of the roles ${roles.join(", ")}`;
  }
  if (position !== undefined && !holds(person, position, teamName)) return `does not hold the position ${position}`;
  if (board !== undefined && !seatsOf(boardOf(process, board), person).length)
    return `has no seat on the board ${board}`;
  if (field !== undefined && !namedIn(change, field).includes(person.handle)) return `is not named in ${field}`;
  return undefined;
}

/** Everybody among the people given who may give a requirement, by handle. */
export function eligible(
  process: Process,
  change: Votable,
  requirement: Requirement,
  people: readonly Person[],
): readonly string[] {
  return people
    .filter((person) => whyNot(process, change, requirement, person) === undefined)
    .map((person) => person.handle);
}

/** Why a person is not heard on a change at all, if they have said so themselves. */
export function recusalOf({ recusals = [] }: Pick<Change, "recusals">, handle: string) {
  return recusals.find(({ person }) => person === handle);
}

/** Whose vote it is: of whoever cast it, or of the person they stood in for. */
export function giverOf(vote: Pick<Vote, "voter" | "for">): string {
  return vote.for ?? vote.voter;
}

/** Whether one person has a part in both votes, by their own right or by their hand: nobody is heard twice. */
export function shareAVoice(a: Pick<Vote, "voter" | "for">, b: Pick<Vote, "voter" | "for">): boolean {
  return [a.voter, giverOf(a)].some((handle) => handle === b.voter || handle === giverOf(b));
}

/** Those for whom a person votes at a moment (RFC 3339). */
export function standsInFor({ standsInFor: all = [] }: Person, at: string): readonly string[] {
  return all
    .filter(({ from, until }) => Date.parse(from) <= Date.parse(at) && Date.parse(at) < Date.parse(until))
    .map(({ person }) => person);
}

/** Why somebody cannot cast another's vote on a change at a moment, or undefined when they can; what the other may give is asked apart. */
export function whyNotFor(
  process: Process,
  change: Votable,
  voter: Person,
  giver: string,
  at: string,
): string | undefined {
  if (voter.handle === change.requester && !process.duties.ownChangeApproval) {
    return "is the requester, and nobody votes on their own change for another either";
  }
  const recusal = recusalOf(change, voter.handle);
  if (recusal !== undefined) return `has recused themselves: ${recusal.reason}`;
  return standsInFor(voter, at).includes(giver) ? undefined : `does not stand in for ${giver}`;
}

/** The board of this id; throws when the process has none, which its check forbids. */
export function boardOf(process: Process, id: string): Board {
  const board = process.boards?.find((candidate) => candidate.id === id);
  if (board === undefined) throw new Error(`process ${process.name} has no board ${id}`);
  return board;
}

/** The positions by which a person sits on a board. */
export function seatsOf(board: Board, person: Person): readonly string[] {
  return board.members.filter((position) => holds(person, position, undefined));
}

/** The handles a field of kind users names. */
export function namedIn(change: Pick<Change, "fields">, field: string): readonly string[] {
  const value = change.fields[field];
  return Array.isArray(value) ? [...new Set(value.filter((member) => typeof member === "string"))] : [];
}

/** Who a requirement is to come from, in words. */
export function votersText({ team, roles, position, board, field }: Voters): string {
  const parts = [
    roles === undefined ? "" : roles.join(" or "),
    position === undefined ? "" : position,
    board === undefined ? "" : `the board ${board}`,
    team === undefined ? "" : team === "owning" ? "a member of the owning team" : `a member of team ${team}`,
    field === undefined ? "" : `somebody named in ${field}`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "anybody" : parts.join(", ");
}

function holds(person: Person, position: string, team: string | null | undefined): boolean {
  return person.positions.some(
    (held) => held.position === position && (team === undefined || held.team === undefined || held.team === team),
  );
}
