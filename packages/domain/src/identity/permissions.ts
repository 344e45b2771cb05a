import { accept, type Outcome, refuse } from "../change/refusal.ts";
import { type Actor, ROLES, type Role } from "./roles.ts";

interface Grant {
  readonly roles: readonly Role[];
  /** The token scope that covers it. */
  readonly scope: "read" | "changes" | "votes" | "deployments" | "reports" | "administration";
  /** True for what somebody without a token may do too. */
  readonly anybody?: boolean;
  /** Which of the roles have it for changes alone that a person has to do with; all others of `roles` have it for every change. */
  readonly ownOnly?: readonly Role[];
  /** What it lets one do, completing "may not …". */
  readonly words: string;
}

const EVERYBODY = ROLES;
const WORKERS: readonly Role[] = ["developer", "team-lead", "architect", "operator", "qa"];

/** The one table of who may do what. A permission that is not in it does not exist; a role that is not named has it not. */
export const PERMISSIONS = {
  "change.read": { roles: EVERYBODY, scope: "read", words: "read changes" },
  "change.create": {
    roles: ["requester", ...WORKERS, "board-member", "administrator"],
    scope: "changes",
    words: "create changes",
  },
  "change.edit": {
    roles: ["requester", ...WORKERS, "administrator"],
    ownOnly: ["requester", ...WORKERS],
    scope: "changes",
    words: "edit changes",
  },
  "change.submit": {
    roles: ["requester", ...WORKERS, "administrator"],
    ownOnly: ["requester", ...WORKERS],
    scope: "changes",
    words: "submit changes",
  },
  "change.assess": { roles: WORKERS, scope: "changes", words: "assess changes" },
  "change.step": { roles: WORKERS, scope: "changes", words: "complete or add steps" },
  "change.comment": { roles: EVERYBODY, scope: "changes", words: "comment on changes" },
  "change.attach": {
    roles: ["requester", ...WORKERS, "board-member", "administrator"],
    scope: "changes",
    words: "attach files to changes",
  },
  "change.ticket": {
    roles: [...WORKERS, "administrator"],
    scope: "changes",
    words: "say which ticket of a board belongs to a change",
  },
  "attachment.manage": { roles: ["administrator"], scope: "changes", words: "remove other people's attachments" },
  "view.own": { roles: EVERYBODY, scope: "changes", words: "keep saved views" },
  "change.cancel": {
    roles: ["requester", "team-lead", "architect", "operator", "administrator"],
    ownOnly: ["requester"],
    scope: "changes",
    words: "cancel changes",
  },
  "change.close": {
    roles: ["requester", ...WORKERS],
    ownOnly: ["requester"],
    scope: "changes",
    words: "close changes",
  },
  "change.rework": {
    roles: ["requester", ...WORKERS],
    ownOnly: ["requester"],
    scope: "changes",
    words: "take changes back to work",
  },
  "change.vote": {
    roles: ["developer", "team-lead", "architect", "operator", "qa", "board-member", "requester"],
    scope: "votes",
    words: "vote on changes",
  },
  "board.meet": {
    roles: ["requester", ...WORKERS, "board-member"],
    scope: "votes",
    words: "convene and hold meetings of boards",
  },
  "delegation.own": { roles: EVERYBODY, scope: "votes", words: "name who votes for them" },
  "change.deploy": { roles: ["team-lead", "operator"], scope: "deployments", words: "deploy changes" },
  "change.rollback": { roles: ["team-lead", "operator"], scope: "deployments", words: "roll changes back" },
  "deployment.sign-off": {
    roles: ["developer", "team-lead", "operator", "qa"],
    scope: "deployments",
    words: "sign off manual steps",
  },
  "deployment.cancel": { roles: ["team-lead", "operator"], scope: "deployments", words: "stop deployments" },
  "deployment.pause": {
    roles: ["team-lead", "operator"],
    scope: "deployments",
    words: "pause deployments and let them go on",
  },
  "deployment.hold": {
    roles: ["operator", "administrator"],
    scope: "deployments",
    words: "hold or release deployments",
  },
  "report.submit": { roles: ["developer", "team-lead", "operator", "qa"], scope: "reports", words: "hand in reports" },
  "environment.baseline": { roles: ["operator"], scope: "deployments", words: "take a new schema baseline" },
  "audit.read": {
    roles: ["auditor", "administrator", "team-lead", "architect", "operator"],
    scope: "read",
    words: "read the audit trail",
  },
  "audit.export": { roles: ["auditor", "administrator"], scope: "read", words: "export the audit trail" },
  "audit.rotate-key": { roles: ["administrator"], scope: "administration", words: "rotate the audit key" },
  "people.read": { roles: EVERYBODY, scope: "read", words: "see people and teams" },
  "people.manage": { roles: ["administrator"], scope: "administration", words: "manage people and teams" },
  "token.own": { roles: EVERYBODY, scope: "administration", words: "manage one's own tokens" },
  "account.own": {
    roles: EVERYBODY,
    scope: "administration",
    words: "manage their own password, second factor and sessions",
  },
  "token.manage": {
    roles: ["administrator"],
    scope: "administration",
    words: "manage other people's tokens and links",
  },
  "session.begin": { roles: EVERYBODY, scope: "read", anybody: true, words: "sign in with a link" },
  "config.read": { roles: EVERYBODY, scope: "read", words: "read the configuration" },
  "config.import": { roles: ["administrator"], scope: "administration", words: "import a configuration" },
  "operations.manage": {
    roles: ["administrator", "operator"],
    scope: "administration",
    words: "manage background work",
  },
  "operations.backup": { roles: ["administrator"], scope: "administration", words: "take backups" },
  "sample.manage": {
    roles: ["administrator"],
    scope: "administration",
    words: "make or remove the sample workspace",
  },
  /** What the engine records about its own work; no role has it. */
  "engine.record": { roles: [], scope: "administration", words: "record the engine's own results" },
} as const satisfies Record<string, Grant>;

export type Permission = keyof typeof PERMISSIONS;

/** The engine itself, when it records what its work in the background came to. */
export const ENGINE: Actor = {
  userId: "00000000-0000-7000-8000-000000000000",
  handle: "engine",
  roles: [],
  teams: [],
  positions: [],
};

/**
 * Whether somebody may do something. Refusals: NOT_ALLOWED (no role grants it; the engine may record its own results and nothing else),
 * SCOPE_MISSING (the token is limited to less).
 */
export function checkPermission(actor: Actor, permission: Permission): Outcome<true> {
  const grant: Grant = PERMISSIONS[permission];
  const isEngine = actor.userId === ENGINE.userId;
  if (isEngine ? permission === "engine.record" : grant.anybody === true) return accept(true);
  if (isEngine || !grant.roles.some((role) => actor.roles.includes(role))) return notAllowed(actor, permission, grant);
  if (actor.scopes === undefined || actor.scopes.includes(grant.scope)) return accept(true);
  return refuse(
    "SCOPE_MISSING",
    `The token of ${actor.handle} may not ${grant.words}: it is limited to ${actor.scopes.join(", ") || "nothing"}.`,
    `Use a token with the scope "${grant.scope}".`,
    { details: { permission, scope: grant.scope } },
  );
}

/** Whether somebody may do the least of what is asked for: one of several permissions. The refusal is that of the first. */
export function checkAnyPermission(actor: Actor, permissions: readonly [Permission, ...Permission[]]): Outcome<true> {
  const [first, ...others] = permissions;
  const refused = checkPermission(actor, first);
  return refused.ok || others.some((permission) => checkPermission(actor, permission).ok) ? accept(true) : refused;
}

/** What of a change says who has to do with it. */
export interface Concerned {
  readonly number: string;
  readonly requester: string;
  readonly assignee: string | null;
  /** The owning team; null until the change is submitted. */
  readonly team: string | null;
}

/**
 * Whether somebody who has a permission has it for this change: its requester, its assignee and its team always have. Refusal:
 * NOT_YOURS, for those whose roles give it to no others.
 */
export function checkConcern(actor: Actor, permission: Permission, change: Concerned): Outcome<true> {
  const { roles, ownOnly = [], words }: Grant = PERMISSIONS[permission];
  const forAll = roles.filter((role) => !ownOnly.includes(role));
  const involved =
    [change.requester, change.assignee].includes(actor.handle) ||
    (change.team !== null && actor.teams.includes(change.team));
  if (ownOnly.length === 0 || involved || forAll.some((role) => actor.roles.includes(role))) return accept(true);
  const team = change.team === null ? "" : `, the team ${change.team}`;
  return refuse(
    "NOT_YOURS",
    `${actor.handle} may ${words}, but not ${change.number}: that is for its requester, its assignee${team} and these roles: ${forAll.join(", ")}.`,
    "Comment on it, or ask one of them.",
    { details: { permission, roles: forAll } },
  );
}

function notAllowed({ handle }: Actor, permission: Permission, { roles, words }: Grant): Outcome<true> {
  return refuse(
    "NOT_ALLOWED",
    `${handle} may not ${words}.`,
    roles.length === 0
      ? "Only the engine does this."
      : `It takes one of these roles: ${roles.join(", ")}. An administrator can give them.`,
    { details: { permission, roles } },
  );
}

/** Everything an actor may do at all, in the order of the table. */
export function permissionsOf(actor: Actor): Permission[] {
  return (Object.keys(PERMISSIONS) as Permission[]).filter((permission) => checkPermission(actor, permission).ok);
}
