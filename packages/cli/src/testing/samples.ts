import type { Change, ChangeSummary, Deployment, OnTarget, Validation } from "../change/change-types.ts";

const HASH = "4f2a91c07b3e5d68f1a0c9b2e3d4f5061728394a5b6c7d8e9f00112233445566";
const ID = "019ab3c2-7d1e-7c44-9a55-0d4d1f6c2b11";

/** Minutes before the time of the tests, as RFC 3339. */
export function minutesAgo(minutes: number): string {
  return new Date(Date.parse("2026-11-21T12:00:00Z") - minutes * 60_000).toISOString();
}

export function aSummary(more: Partial<ChangeSummary> = {}): ChangeSummary {
  return {
    id: ID,
    number: "CHG-12",
    process: "data-layer",
    title: "Add a nickname to users",
    type: "add-field",
    priority: "medium",
    status: "awaiting_approval",
    stage: "approval",
    stageTitle: "Review and approval",
    team: "data",
    requester: "ada",
    assignee: null,
    breaking: false,
    version: 7,
    createdAt: minutesAgo(2 * 24 * 60),
    updatedAt: minutesAgo(3),
    ...more,
  };
}

export function aChange(more: Partial<Change> = {}): Change {
  return {
    ...aSummary(),
    description: "The bot greets people by a name they chose.",
    processVersion: 1,
    processHash: HASH,
    fields: { title: "Add a nickname to users", components: ["bot"], tables: ["users"] },
    artifacts: [
      {
        kind: "migration",
        id: "0003-nickname",
        name: "0003_nickname.sql",
        up: "ALTER TABLE users ADD COLUMN nickname text;",
        down: "ALTER TABLE users DROP COLUMN nickname;",
        transactional: true,
      },
    ],
    environments: [
      { environment: "staging", state: "deployed", deployment: ID, at: minutesAgo(60) },
      { environment: "production", state: "not-deployed", deployment: null, at: null },
    ],
    contentHash: HASH,
    assessment: {
      impact: "The bot reads users.",
      breaking: false,
      complexity: "low",
      dependencies: ["CHG-3"],
      by: "ben",
      at: minutesAgo(600),
    },
    steps: [
      {
        id: "write-migration",
        stage: "implementation",
        title: "Write the migration",
        evidenceNeeded: ["note"],
        by: ["developer"],
        automatic: false,
        added: false,
        completed: {
          at: minutesAgo(120),
          by: "ben",
          evidence: [{ kind: "note", value: "Written and tried" }],
          notes: "Small",
        },
      },
      {
        id: "read-through",
        stage: "approval",
        title: "Read it through",
        evidenceNeeded: ["link"],
        by: ["team-lead"],
        automatic: false,
        added: true,
      },
    ],
    votes: [],
    recusals: [],
    mayVoteFor: [],
    deadlines: [],
    scheduled: [],
    approvals: [
      {
        environment: "production",
        met: false,
        explanation: {
          id: "all",
          title: "Everything production asks for",
          met: false,
          reason: "One of two is missing.",
          children: [
            { id: "team", title: "Owning team", met: true, reason: "Given by cleo.", children: [] },
            {
              id: "architecture",
              title: "Architecture",
              met: false,
              reason: "Nobody has given it.",
              couldBeGivenBy: ["dora", "emil"],
              children: [],
            },
          ],
        },
      },
    ],
    acts: [
      { act: "complete-steps", allowed: true },
      {
        act: "vote",
        allowed: false,
        code: "OWN_CHANGE",
        reason: "You requested this change.",
        hint: "Ask dora or emil.",
      },
    ],
    facts: { breaking: false, risk: "low" },
    rollbackProcedure: ["Run the down migration"],
    ...more,
  };
}

export function aValidation(more: Partial<Validation> = {}): Validation {
  return {
    change: "CHG-12",
    contentHash: HASH,
    result: "passed",
    checks: [
      {
        id: "tests",
        title: "Tests",
        result: "inconclusive",
        message: "No report yet.",
        hint: "Send one with report send.",
      },
    ],
    targets: [],
    rehearsals: [
      {
        artifact: "0003-nickname",
        outcome: "passed",
        report: {
          rehearsal: { up: { outcome: "ok", reason: null }, down: { outcome: "exact", data: "equal", reason: null } },
          engine: { name: "pglite", postgres: "18.6" },
          statements: [{ locks: [{ relation: "public.users", mode: "AccessExclusiveLock" }] }],
        },
        at: minutesAgo(90),
      },
    ],
    at: minutesAgo(90),
    ...more,
  };
}

type DeploymentStep = Deployment["steps"][number];

export function aDeploymentStep(
  id: string,
  state: DeploymentStep["state"],
  more: Partial<DeploymentStep> = {},
): DeploymentStep {
  const started = state === "pending" ? null : minutesAgo(2);
  const finished = state === "done" || state === "failed" ? minutesAgo(1) : null;
  return {
    id,
    title: `Step ${id}`,
    state,
    attempt: 1,
    startedAt: started,
    finishedAt: finished,
    message: null,
    progress: null,
    output: [],
    ...more,
  };
}

export function aDeployment(more: Partial<Deployment> = {}): Deployment {
  return {
    id: ID,
    change: "CHG-12",
    environment: "staging",
    direction: "deploy",
    state: "running",
    attempt: 1,
    requestedBy: "ada",
    requestedAt: minutesAgo(3),
    startedAt: minutesAgo(2),
    finishedAt: null,
    paused: null,
    targetState: null,
    refusal: null,
    steps: [aDeploymentStep("lease", "running"), aDeploymentStep("migrate", "pending")],
    ...more,
  };
}

/** What one migration comes to on a target: known but for one thing, and held up by a transaction. */
export function anOnTarget(more: Partial<OnTarget> = {}): OnTarget {
  return {
    environment: "staging",
    at: "2026-11-21T11:59:00.000Z",
    postgres: "18.4",
    notKnown: ["This login sees no transactions of others."],
    rewrittenBytes: 3_000_000_000,
    blockedSeconds: 300,
    basis: "Times are sizes divided by speeds.",
    migrations: [
      {
        artifact: "0003-nickname",
        name: "0003_nickname.sql",
        statements: [
          {
            line: 2,
            kind: "alter_table",
            time: { least: 15, most: 300 },
            rewrittenBytes: 3_000_000_000,
            scannedBytes: 0,
            words: ["Takes 15 s to 5 min.", "Would wait now for process 42."],
            locks: [
              {
                relation: "public.users",
                mode: "AccessExclusiveLock",
                keepsOut: "everybody",
                held: { least: 15, most: 300 },
                writes: null,
                reads: 2,
                heldUpBy: [{ pid: 42, who: "reports", state: "idle in transaction", seconds: 600 }],
              },
            ],
          },
        ],
      },
    ],
    replicas: [
      { name: "replica", lagBytes: 5000 },
      { name: "other", lagBytes: null },
      { name: "third", lagBytes: 0 },
    ],
    settings: {},
    ...more,
  };
}
