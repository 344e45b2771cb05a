import type { Role } from "@change-mgmt/domain/identity/roles.ts";

/** Who may do something to a change, written down from what the documents say and not from the table that the code goes by. */
export interface Rule {
  readonly roles: readonly Role[];
  /** Of those, who may for changes they have nothing to do with; left out: all of them. */
  readonly forAll?: readonly Role[];
  /** Whether its requester may not, whatever their role. */
  readonly notOwn?: boolean;
}

/** One way of asking for it that, where it is allowed, fails for what it asks and so moves nothing, as far as there is one. */
export interface Asking {
  readonly rule: Rule;
  readonly body?: object;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly bytes?: string;
}

const EVERYBODY: readonly Role[] = [
  "requester",
  "developer",
  "team-lead",
  "architect",
  "operator",
  "qa",
  "board-member",
  "auditor",
  "administrator",
];
const WORKERS: readonly Role[] = ["developer", "team-lead", "architect", "operator", "qa"];

const reads: Rule = { roles: EVERYBODY };
const works: Rule = { roles: WORKERS };
const draws: Rule = { roles: ["requester", ...WORKERS, "administrator"], forAll: ["administrator"] };
const ends: Rule = { roles: ["requester", ...WORKERS], forAll: WORKERS };
const cancels: Rule = {
  roles: ["requester", "team-lead", "architect", "operator", "administrator"],
  forAll: ["team-lead", "architect", "operator", "administrator"],
};
const votes: Rule = { roles: ["requester", ...WORKERS, "board-member"], notOwn: true };
const deploys: Rule = { roles: ["team-lead", "operator"], notOwn: true };
const takesBack: Rule = { roles: ["team-lead", "operator"] };
const ties: Rule = { roles: [...WORKERS, "administrator"] };
const reports: Rule = { roles: ["developer", "team-lead", "operator", "qa"] };

const reason = "Because.";
const contentHash = "0".repeat(64);

/** By operation on a change, in every form that it has. An operation that is not here has nobody who said who may. */
export const MATRIX: Readonly<Record<string, readonly Asking[]>> = {
  "changes.get": [{ rule: reads }],
  "changes.comments": [{ rule: reads, query: "limit=1" }],
  "changes.attachments": [{ rule: reads }],
  "changes.validation": [{ rule: reads }],
  "changes.file": [{ rule: reads }],
  "changes.deployments": [{ rule: reads }],
  "changes.edit": [{ rule: draws, body: { fields: { type: "no-such-type" } } }],
  "changes.submit": [{ rule: draws, body: {} }],
  "changes.assess": [{ rule: works, body: { impact: "None." } }],
  "changes.completeStep": [{ rule: works, params: { stepId: "no-step" }, body: { evidence: [] } }],
  "changes.addStep": [{ rule: works, body: { title: "Dance", stage: "no-stage" } }],
  "changes.vote": [{ rule: votes, body: { decision: "approve", contentHash } }],
  "changes.withdraw": [{ rule: { roles: votes.roles }, body: {} }],
  "changes.recuse": [{ rule: votes, body: { reason: " " } }],
  "changes.conflicts": [{ rule: reads, query: "environment=staging&at=2099-01-01T00:00:00Z" }],
  "changes.schedule": [{ rule: deploys, body: { environment: "nowhere", at: "2000-01-01T00:00:00Z" } }],
  "changes.unschedule": [{ rule: takesBack, body: { environment: "nowhere" } }],
  "tickets.keep": [{ rule: ties, body: { component: "nowhere", key: "none", folder: "todo" } }],
  "tickets.forget": [{ rule: ties, params: { ticketId: "01a00000-0000-7000-8000-000000000000" } }],
  "changes.rework": [{ rule: ends, body: { reason } }],
  "changes.close": [{ rule: ends, body: {} }],
  "changes.cancel": [{ rule: cancels, body: { reason } }],
  "changes.deploy": [
    { rule: deploys, body: { environment: "nowhere" } },
    { rule: deploys, body: { environment: "nowhere", dryRun: true } },
  ],
  "changes.rollback": [{ rule: takesBack, body: { environment: "nowhere", reason } }],
  "changes.signOff": [{ rule: reports, body: { step: "no:step" } }],
  "changes.comment": [{ rule: reads, body: { text: "Hm.", attachments: ["01a00000-0000-7000-8000-000000000000"] } }],
  "changes.attach": [
    { rule: { roles: ["requester", ...WORKERS, "board-member", "administrator"] }, query: "name=..", bytes: "Looked." },
  ],
  "changes.report": [{ rule: reports, body: { kind: "tests", commit: "4f2a9c1", passed: 1, failed: 0 } }],
  "changes.status": [
    { rule: draws, body: { status: "submitted" } },
    { rule: works, body: { status: "assessing", impact: "None." } },
    { rule: ends, body: { status: "implementing", reason } },
    { rule: votes, body: { status: "approved", contentHash } },
    { rule: votes, body: { status: "rejected", contentHash, reason } },
    { rule: deploys, body: { status: "deploying", environment: "nowhere" } },
    { rule: takesBack, body: { status: "rolling_back", environment: "nowhere", reason } },
    { rule: cancels, body: { status: "cancelled", reason } },
    { rule: ends, body: { status: "closed" } },
  ],
};

export const OWNERSHIPS = ["own", "own team's", "another team's"] as const;
export type Ownership = (typeof OWNERSHIPS)[number];

/** The code somebody of one role has to be refused with; undefined where nothing is to be said against their asking. */
export function refusalOf({ roles, forAll, notOwn }: Rule, role: Role, ownership: Ownership): string | undefined {
  if (!roles.includes(role)) return "NOT_ALLOWED";
  if (ownership === "another team's" && forAll && !forAll.includes(role)) return "NOT_YOURS";
  return notOwn && ownership === "own" ? "OWN_CHANGE" : undefined;
}
