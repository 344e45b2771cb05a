/** Permission roles, fixed by the product. Positions (free words of a process) are something else: see GLOSSARY. */
export const ROLES = [
  "requester",
  "developer",
  "team-lead",
  "architect",
  "operator",
  "qa",
  "board-member",
  "auditor",
  "administrator",
] as const;

export type Role = (typeof ROLES)[number];

/** Who acts: a person or machine with what it holds at this moment. `userId` is a UUID, `handle` the readable name. */
export interface Actor {
  readonly userId: string;
  readonly handle: string;
  readonly roles: readonly Role[];
  /** Names of the teams the actor belongs to. */
  readonly teams: readonly string[];
  readonly positions: readonly HeldPosition[];
  /** Limits of the token that was used; undefined means everything the roles allow. */
  readonly scopes?: readonly string[];
  readonly ipAddress?: string;
}

/** A position held by a person; `team` undefined means for the whole workspace. */
export interface HeldPosition {
  readonly position: string;
  readonly team?: string;
}
