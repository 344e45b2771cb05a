import { randomUUID } from "node:crypto";
import type { EndpointName } from "@change-mgmt/api/endpoints.ts";
import type { Duty } from "@change-mgmt/domain/identity/duties.ts";
import type { Permission } from "@change-mgmt/domain/identity/permissions.ts";

/** One request to an endpoint, with what it takes of whoever sends it. */
export interface Question {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: unknown;
  /** In place of a body: bytes as they are. */
  readonly bytes?: string;
  /** Null: to be signed in is enough. */
  readonly needs: Permission | null;
  /** What separation of duties may say to the requester. */
  readonly duty?: Duty;
  /** It is about the change of the place. */
  readonly ofChange?: boolean;
}

/** What the questions are about. */
export interface Place {
  readonly change: { readonly number: string; readonly contentHash: string };
  /** Handle of somebody who is only there to be edited, and the name of a team of the same use. */
  readonly target: string;
  readonly team: string;
  /** The configuration in force. */
  readonly config: string;
}

const NO_ID = "01a00000-0000-7000-8000-000000000000";
/** Nothing, so that nothing has to be rehearsed. */
const DRAFT = { migrations: [{ id: "draft", up: "" }] };
const once = () => `once-${randomUUID()}`;

/**
 * Questions for every endpoint, in the ways that it takes something different. Sent by somebody who may, each is answered or refused for
 * another reason; none deploys, and none takes anything from whoever asks next.
 */
export const QUESTIONS: { readonly [N in EndpointName]: (place: Place) => readonly Question[] } = {
  "changes.create": () => [
    { needs: "change.create", body: { fields: { type: "add-field", title: "Asked", components: ["data-layer"] } } },
  ],
  "changes.list": () => [{ needs: "change.read" }],
  "changes.get": ofChange({ needs: "change.read" }),
  "changes.edit": ofChange({ needs: "change.edit", body: { fields: { title: "Edited" } } }),
  "changes.submit": ofChange({ needs: "change.submit", body: {} }),
  "changes.assess": ofChange({ needs: "change.assess", body: { impact: "None." } }),
  "changes.status": ({ change: { number, contentHash } }) =>
    (
      [
        ["change.submit", { status: "submitted" }],
        ["change.assess", { status: "assessing", impact: "None." }],
        ["change.rework", { status: "implementing", reason: "Because." }],
        ["change.vote", { status: "approved", contentHash }, "approve"],
        ["change.vote", { status: "rejected", contentHash, reason: "Because." }, "approve"],
        ["change.deploy", { status: "deploying", environment: "staging" }, "deploy"],
        ["change.rollback", { status: "rolling_back", environment: "staging", reason: "Because." }],
        ["change.cancel", { status: "cancelled", reason: "Because." }],
        ["change.close", { status: "closed" }],
      ] as const
    ).map(([needs, body, duty]) => ({
      params: { id: number },
      needs,
      body,
      ofChange: true,
      ...(duty === undefined ? {} : { duty }),
    })),
  "changes.completeStep": ofChange({ needs: "change.step", body: { evidence: [] } }, { stepId: "dance" }),
  "changes.addStep": ofChange({ needs: "change.step", body: { title: "Dance" } }),
  "changes.vote": ({ change: { number, contentHash } }) => [
    {
      params: { id: number },
      needs: "change.vote",
      duty: "approve",
      ofChange: true,
      body: { decision: "approve", contentHash },
    },
  ],
  "changes.withdraw": ofChange({ needs: "change.vote", body: {} }),
  "changes.recuse": ofChange({ needs: "change.vote", duty: "approve", body: { reason: " " } }),
  "changes.rework": ofChange({ needs: "change.rework", body: { reason: "Because." } }),
  "changes.conflicts": ofChange({ needs: "change.read", query: "environment=staging&at=2099-01-01T00:00:00Z" }),
  "changes.schedule": ({ change: { number } }) => [
    {
      params: { id: number },
      needs: "change.deploy",
      duty: "deploy",
      ofChange: true,
      body: { environment: "staging", at: "2000-01-01T00:00:00Z" },
    },
  ],
  "changes.unschedule": ofChange({ needs: "change.deploy", body: { environment: "staging" } }),
  "tickets.list": () => [{ needs: "change.read" }],
  "tickets.keep": ofChange({ needs: "change.ticket", body: { component: "nowhere", key: "none", folder: "todo" } }),
  "tickets.forget": ofChange({ needs: "change.ticket" }, { ticketId: NO_ID }),
  "changes.deploy": ({ change: { number } }) =>
    [false, true].map((dryRun) => ({
      params: { id: number },
      needs: "change.deploy",
      duty: "deploy",
      ofChange: true,
      body: { environment: "staging", dryRun },
    })),
  "changes.rollback": ofChange({ needs: "change.rollback", body: { environment: "staging", reason: "Because." } }),
  "changes.signOff": ofChange({ needs: "deployment.sign-off", body: { step: "look:look" } }),
  "changes.cancel": ofChange({ needs: "change.cancel", body: { reason: "Because." } }),
  "changes.close": ofChange({ needs: "change.close", body: {} }),
  "changes.comments": ofChange({ needs: "change.read" }),
  "changes.comment": ofChange({ needs: "change.comment", body: { text: "Hm." } }),
  "changes.attachments": ofChange({ needs: "change.read" }),
  "changes.attach": ofChange({ needs: "change.attach", query: "name=look.txt", bytes: "Looked." }),
  "savedViews.list": () => [{ needs: "change.read" }],
  "savedViews.create": () => [{ needs: "view.own", body: { name: randomUUID(), filters: { status: "draft" } } }],
  "savedViews.edit": () => [{ needs: "view.own", params: { id: NO_ID }, body: { name: "Renamed" } }],
  "savedViews.delete": () => [{ needs: "view.own", params: { id: NO_ID } }],
  "savedViews.default": () => [{ needs: "view.own", body: { view: null } }],
  "attachments.download": () => [{ needs: "change.read", params: { id: NO_ID } }],
  "attachments.remove": () => [{ needs: "change.attach", params: { id: NO_ID } }],
  "changes.validation": ofChange({ needs: "change.read" }),
  "changes.report": ofChange({
    needs: "report.submit",
    body: { kind: "tests", commit: "4f2a9c1", passed: 1, failed: 0 },
  }),
  "changes.deployments": ofChange({ needs: "change.read" }),
  "deployments.get": () => [{ needs: "change.read", params: { id: NO_ID } }],
  "deployments.cancel": () => [{ needs: "deployment.cancel", params: { id: NO_ID }, body: { reason: "Because." } }],
  "deployments.pause": () => [{ needs: "deployment.pause", params: { id: NO_ID }, body: { reason: "Because." } }],
  "deployments.endWatch": () => [{ needs: "change.rollback", params: { id: NO_ID }, body: { reason: "Because." } }],
  "deployments.resume": () => [{ needs: "deployment.pause", params: { id: NO_ID } }],
  "hold.get": () => [{ needs: "change.read" }],
  "hold.set": () => [{ needs: "deployment.hold", body: { reason: "Because." } }],
  "hold.release": () => [{ needs: "deployment.hold", body: {} }],
  "requestFiles.read": () => [{ needs: "change.create", body: { name: "backlog.csv", text: "title\nAsked\n" } }],
  "changes.file": ofChange({ needs: "change.read" }),
  "processes.history": () => [{ needs: "change.read", params: { name: "data-layer" } }],
  "processes.standing": () => [{ needs: "config.read", params: { name: "itil" } }],
  "processes.compare": () => [{ needs: "change.read", params: { name: "data-layer" }, body: { changes: 1 } }],
  "processes.template": () => [{ needs: "config.read", params: { name: "data-layer" } }],
  "rehearsals.check": () => [{ needs: "change.create", body: DRAFT }],
  "rehearsals.try": () => [{ needs: "change.create", body: DRAFT }],
  overview: () => [{ needs: "change.read" }],
  "processes.list": () => [{ needs: "config.read" }],
  "processes.get": () => [{ needs: "config.read", params: { name: "data-layer" } }],
  "processes.versions": () => [{ needs: "config.read", params: { name: "data-layer" } }],
  "processes.version": () => [{ needs: "config.read", params: { name: "data-layer", hash: "0".repeat(64) } }],
  "environments.list": () => [{ needs: "config.read" }],
  "environments.drift": () => [{ needs: "config.read", params: { name: "nowhere" } }],
  "environments.baseline": () => [
    { needs: "environment.baseline", params: { name: "moon" }, body: { reason: "Because." } },
  ],
  "config.get": () => [{ needs: "config.read" }],
  "config.import": ({ config }) => [{ needs: "config.import", body: { text: `${config}\n# again\n` } }],
  me: () => [{ needs: null }],
  "users.list": () => [{ needs: "people.read" }],
  "users.create": () => [{ needs: "people.manage", body: { handle: once(), name: "Once" } }],
  "users.edit": ({ target }) => [{ needs: "people.manage", params: { name: target }, body: { name: "Target" } }],
  "teams.list": () => [{ needs: "people.read" }],
  "teams.create": () => [{ needs: "people.manage", body: { name: once() } }],
  "teams.addMember": ({ target, team }) => [{ needs: "people.manage", params: { name: team }, body: { user: target } }],
  "teams.removeMember": ({ target, team }) => [{ needs: "people.manage", params: { name: team, user: target } }],
  "boards.list": () => [{ needs: "config.read" }],
  "boards.agenda": () => [{ needs: "change.read", params: { name: "data-layer", board: "none" } }],
  "boards.calendar": () => [{ needs: "config.read", params: { name: "data-layer", board: "none" } }],
  "meetings.list": () => [{ needs: "change.read", params: { name: "data-layer", board: "none" } }],
  "meetings.get": () => [{ needs: "change.read", params: { id: NO_ID } }],
  "meetings.convene": () => [{ needs: "board.meet", params: { name: "data-layer", board: "none" }, body: {} }],
  "meetings.open": () => [{ needs: "board.meet", params: { id: NO_ID } }],
  "meetings.attend": () => [{ needs: "board.meet", params: { id: NO_ID }, body: {} }],
  "meetings.note": () => [{ needs: "board.meet", params: { id: NO_ID }, body: { notes: "Noted." } }],
  "meetings.close": () => [{ needs: "board.meet", params: { id: NO_ID } }],
  "meetings.callOff": () => [{ needs: "board.meet", params: { id: NO_ID }, body: { reason: "Because." } }],
  "delegations.list": () => [{ needs: "people.read" }],
  "delegations.make": ({ target }) => [
    { needs: "delegation.own", body: { delegate: target, until: "2000-01-01T00:00:00Z" } },
    { needs: "people.manage", body: { person: target, delegate: target, until: "2000-01-01T00:00:00Z" } },
  ],
  "delegations.end": () => [{ needs: "delegation.own", params: { id: NO_ID } }],
  "tokens.list": () => [{ needs: "token.own" }, { needs: "token.manage", query: "all=true" }],
  "tokens.create": ({ target }) => [
    { needs: "token.own", body: { name: "asked" } },
    { needs: "token.manage", body: { name: "asked", user: target } },
  ],
  "tokens.revoke": () => [{ needs: "token.own", params: { id: NO_ID } }],
  "links.create": ({ target }) => [{ needs: "token.manage", body: { user: target } }],
  "links.exchange": () => [{ needs: "session.begin", body: { code: "cm_link_that_is_none" } }],
  "session.begin": () => [{ needs: "session.begin", body: { login: once(), password: "guess" } }],
  "session.end": () => [{ needs: "session.begin" }],
  "sessions.list": () => [{ needs: "account.own" }],
  "sessions.revoke": () => [{ needs: "account.own", params: { id: NO_ID } }],
  "sessions.revokeAll": () => [{ needs: "account.own", body: {} }],
  "password.set": () => [
    { needs: "session.begin", body: { link: "cm_link_that_is_none", password: "a password nobody has" } },
    { needs: "account.own", body: { password: "a password nobody has" } },
  ],
  "factor.enrol": () => [{ needs: "account.own", body: {} }],
  "factor.confirm": () => [{ needs: "account.own", body: { code: "000000" } }],
  "factor.remove": () => [{ needs: "account.own", body: { code: "000000" } }],
  "factor.reset": ({ target }) => [{ needs: "people.manage", params: { name: target }, body: {} }],
  "audit.list": ({ change }) => [{ needs: "audit.read" }, { needs: "change.read", query: `change=${change.number}` }],
  "audit.export": () => [{ needs: "audit.export" }],
  "audit.checkpoint": () => [{ needs: "audit.read" }],
  "audit.keys": () => [{ needs: "audit.read" }],
  "audit.rotateKey": () => [{ needs: "audit.rotate-key", body: {} }],
  "audit.verify": () => [{ needs: "audit.read" }],
  "jobs.dead": () => [{ needs: "operations.manage" }],
  "jobs.resend": () => [{ needs: "operations.manage", params: { id: NO_ID }, body: {} }],
  "sample.get": () => [{ needs: null }],
  "sample.signIn": () => [{ needs: "session.begin", body: { user: "lena" } }],
  "sample.make": () => [{ needs: "sample.manage", body: {} }],
  "sample.remove": () => [{ needs: "sample.manage", body: {} }],
  backup: () => [{ needs: "operations.backup" }],
  events: () => [{ needs: "change.read" }],
  health: () => [{ needs: null }],
  ready: () => [{ needs: null }],
};

function ofChange(question: Question, more: Record<string, string> = {}) {
  return ({ change: { number } }: Place): readonly Question[] => [
    { ...question, params: { id: number, ...more }, ofChange: true },
  ];
}
