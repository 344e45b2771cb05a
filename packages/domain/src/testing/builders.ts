import type { Change } from "../change/change.ts";
import { contentHash } from "../change/contents.ts";
import type { Person } from "../lifecycle/approval/voters.ts";
import type { ApprovalAnswer, Condition, DecisionTable, Process, Row, Stage, Transition } from "../process/process.ts";

/** A row of a decision table. */
export function aRow<T>(id: string, when: Condition, then: T, source?: string): Row<T> {
  return { id, when, then, ...(source === undefined ? {} : { source }) };
}

/** A table with one row that always matches. */
export function aTable<T>(id: string, then: T, overrides: Partial<DecisionTable<T>> = {}): DecisionTable<T> {
  return { id, title: id, dimensions: [], hit: "unique", rows: [aRow("always", {}, then)], ...overrides };
}

/** A small process without problems: draft → review → ready → deploying → watching → closed, one approval by the owning team. */
export function aProcess(overrides: Partial<Process> = {}): Process {
  return {
    name: "small",
    version: 1,
    title: "Small",
    description: "For tests",
    owner: "somebody",
    effective: "2026-01-01",
    review: "2027-01-01",
    number: "T-{seq}",
    dimensions: {
      type: { title: "Type", values: ["add", "remove"] },
      environment: { title: "Environment", values: ["staging", "production"] },
      lastEnvironment: { title: "Last environment", values: [true, false] },
      artifact: { title: "Artifact", values: ["migration", "external", "manual"], many: true },
      component: { title: "Component", values: [], open: true, many: true },
      breaking: { title: "Breaking", values: [true, false], default: false },
    },
    derived: [],
    types: [
      { id: "add", title: "Add", description: "" },
      { id: "remove", title: "Remove", description: "" },
    ],
    form: {
      fields: [
        { id: "title", title: "Title", help: "One line.", kind: "text", required: true, max: 50 },
        { id: "components", title: "Components", help: "Which.", kind: "components", required: true },
        { id: "breaking", title: "Breaking", help: "Raises.", kind: "boolean", default: false, fact: "breaking" },
        { id: "stakeholders", title: "Stakeholders", help: "Who.", kind: "users" },
      ],
      rules: [],
    },
    routing: aTable("routing", { team: "component" }),
    initialStage: "draft",
    stages: [
      {
        id: "draft",
        title: "Draft",
        status: "draft",
        steps: [{ id: "write", title: "Write it", evidence: ["note"], by: [] }],
        transitions: [
          { on: "submit", to: "review", gates: ["form", "steps"] },
          { on: "cancel", to: "cancelled", gates: [] },
        ],
      },
      {
        id: "review",
        title: "Review",
        status: "awaiting_approval",
        steps: [{ id: "look", title: "Look at it", evidence: ["link"], by: ["architect"], when: { breaking: true } }],
        transitions: [{ on: "ready", to: "ready", gates: ["validated", "approved-all"] }],
      },
      {
        id: "ready",
        title: "Ready",
        status: "approved",
        steps: [],
        transitions: [{ on: "deploy", to: "deploying", gates: ["approved"] }],
      },
      {
        id: "deploying",
        title: "Deploying",
        status: "deploying",
        steps: [{ id: "deployed", title: "Deploy", evidence: [], by: [], automatic: { on: "deployment.succeeded" } }],
        transitions: [{ on: "deployed", to: "watching", gates: [] }],
      },
      {
        id: "watching",
        title: "Watching",
        status: "monitoring",
        steps: [],
        transitions: [{ on: "close", to: "closed", gates: ["obligations"] }],
      },
      { id: "closed", title: "Closed", status: "closed", steps: [], transitions: [] },
      { id: "cancelled", title: "Cancelled", status: "cancelled", steps: [], transitions: [] },
    ],
    approvals: aTable(
      "approvals",
      { requirements: [{ id: "owning-team", title: "Owning team", from: { team: "owning" }, count: 1 }] },
      { hit: "collect" },
    ),
    duties: { ownChangeApproval: false, ownChangeDeployment: false },
    testing: aTable("testing", { tests: ["unit"], due: "before-approval" }, { hit: "collect" }),
    rollback: aTable("rollback", { procedure: ["Take it back"], rehearsed: "advised" }, { hit: "collect" }),
    afterwards: aTable("afterwards", { monitoringDays: 1, obligations: [] }, { hit: "collect" }),
    environments: ["staging", "production"],
    ...overrides,
  };
}

const toDeploying = { on: "deploy", to: "deploying" } as const;
const deployGates = ["approved", "validated", "previous-environment"] as const;

/** A process whose check finds nothing, from draft to closed: each stage answers whatever can happen to a change in its status. */
export function aSoundProcess(overrides: Partial<Process> = {}): Process {
  const { stages, approvals, ...rest } = aProcess();
  const by = Object.fromEntries(stages.map((stage) => [stage.id, stage]));
  const goesBack: readonly Transition[] = [
    { on: "rework", to: "draft", gates: [] },
    { on: "edit", to: "draft", gates: [] },
    { on: "cancel", to: "cancelled", gates: [] },
  ];
  const deploys: readonly Transition[] = [
    { ...toDeploying, when: { lastEnvironment: false }, gates: deployGates },
    { ...toDeploying, when: { lastEnvironment: true }, gates: [...deployGates, "steps"] },
  ];
  const anew = [...deploys, { on: "rollback", to: "rolling-back", gates: [] } as const, ...goesBack];
  const stage = (id: string, status: Stage["status"], transitions: readonly Transition[]): Stage => ({
    id,
    title: id,
    status,
    steps: [],
    transitions,
  });
  return {
    ...rest,
    stages: [
      { ...by.draft!, transitions: [{ on: "submit", to: "checking", gates: ["form", "steps"] }, ...goesBack.slice(1)] },
      {
        ...stage("checking", "validating", [
          { on: "ready", to: "review", gates: ["validated", "rehearsed", "steps"] },
          { on: "assess", to: "checking", gates: [] },
          { on: "reject", to: "rejected", gates: [] },
          ...goesBack,
        ]),
        steps: [{ id: "try", title: "Try it", evidence: ["note"], by: [], tests: ["unit"] }],
      },
      {
        ...by.review!,
        transitions: [
          { on: "ready", to: "ready", gates: ["validated", "approved-all", "steps"] },
          { on: "reject", to: "rejected", gates: [] },
          ...goesBack,
        ],
      },
      {
        ...by.ready!,
        transitions: [...anew.filter(({ on }) => on !== "cancel"), { on: "reject", to: "rejected", gates: [] }],
        refusals: [{ on: "cancel", because: "Reject it instead." }],
      },
      stage("failed", "failed", anew),
      stage("rolling-back", "rolling_back", [
        { on: "rolled-back", to: "rolled-back", gates: [] },
        { on: "rollback-failed", to: "failed", gates: [] },
      ]),
      stage("rolled-back", "rolled_back", anew),
      {
        ...by.deploying!,
        transitions: [
          { on: "deployed", to: "ready", when: { lastEnvironment: false }, gates: [] },
          { on: "deployed", to: "watching", when: { lastEnvironment: true }, gates: [] },
          { on: "deployment-failed", to: "failed", gates: [] },
        ],
      },
      stage("watching", "monitoring", [
        { on: "close", to: "closed", gates: ["steps", "obligations"] },
        { on: "rollback", to: "rolling-back", gates: [] },
      ]),
      stage("rejected", "rejected", goesBack),
      by.closed!,
      by.cancelled!,
    ],
    approvals: { ...(approvals as DecisionTable<ApprovalAnswer>), hit: "unique" },
    ...overrides,
  };
}

/** A change of `aProcess()` by anna of team core, waiting for approval, with the content hash that its contents have. */
export function aChange(overrides: Partial<Change> = {}): Change {
  const contents = {
    type: overrides.type ?? "add",
    fields: overrides.fields ?? { title: "Add a field", components: ["users"] },
    artifacts: overrides.artifacts ?? [],
    environments: overrides.environments ?? ["staging", "production"],
  };
  return {
    id: "01890000-0000-7000-8000-000000000001",
    number: "T-1",
    process: { name: "small", version: 1, hash: "0" },
    title: "Add a field",
    description: "",
    priority: "medium",
    requester: "anna",
    assignee: null,
    team: "core",
    status: "awaiting_approval",
    stage: "review",
    contentHash: contentHash(contents),
    assessment: null,
    steps: [],
    votes: [],
    facts: { type: contents.type, environments: contents.environments, breaking: false },
    version: 1,
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-01T00:00:00Z",
    ...contents,
    ...overrides,
  };
}

/** A developer named ben in team core. */
export function aPerson(overrides: Partial<Person> = {}): Person {
  return { handle: "ben", roles: ["developer"], teams: ["core"], positions: [], ...overrides };
}
