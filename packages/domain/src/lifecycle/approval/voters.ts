import type { Change } from "../../change/change.ts";
import type { Actor } from "../../identity/roles.ts";
import type { Board, Process, Requirement, Voters } from "../../process/process.ts";

/** Somebody as far as votes are concerned. */
export type Person = Pick<Actor, "handle" | "roles" | "teams" | "positions">;

/** The part of a change that decides who may vote on it. */
export type Votable = Pick<Change, "requester" | "team" | "fields" | "votes" | "contentHash">;

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
