/** The life of a change as the documents tell it, written down without a look at the rules: what is refused, and where an act leads. */

/** Stages of the data-layer process in the order of a life, with the status each stands for. */
export const STAGES = {
  draft: "draft",
  "request-submission": "submitted",
  "impact-analysis": "assessing",
  planning: "assessing",
  implementation: "implementing",
  validation: "validating",
  review: "awaiting_approval",
  ready: "approved",
  failed: "failed",
  "rolling-back": "rolling_back",
  "rolled-back": "rolled_back",
  deploying: "deploying",
  "post-deployment": "monitoring",
  rejected: "rejected",
  closed: "closed",
  cancelled: "cancelled",
} as const;
export type StageId = keyof typeof STAGES;
const ORDER = Object.keys(STAGES) as StageId[];

export const ENVIRONMENTS = ["development", "staging", "production"] as const;

export interface SeenStep {
  readonly id: string;
  readonly stage: StageId;
  readonly automatic: boolean;
  readonly done: boolean;
  readonly evidence: readonly string[];
}

/** A change as it stands in the store before an act. */
export interface Seen {
  readonly id: string;
  readonly number: string;
  readonly version: number;
  readonly stage: StageId;
  readonly status: string;
  readonly requester: string;
  readonly assignee: string | null;
  readonly team: string | null;
  readonly contentHash: string;
  /** Whether a deployment has manual steps to be signed off. */
  readonly manual: boolean;
  readonly steps: readonly SeenStep[];
  readonly votes: readonly { voter: string; decision: string; contentHash: string }[];
  readonly environments: Readonly<Record<string, string>>;
  /** Its newest deployment that has not ended, and the step it waits for. */
  readonly running?: { id: string; environment: string; direction: string; waitsFor: string | null } | undefined;
}

/** What else there is: who has an environment in hand, and which other change stands there. */
export interface Around {
  readonly busy: Readonly<Record<string, string>>;
  readonly others: Readonly<Record<string, boolean>>;
}

export interface Someone {
  readonly handle: string;
  readonly roles: readonly string[];
  readonly teams: readonly string[];
}

export type Act =
  | { readonly do: "submit" | "comment" | "attach" | "close" | "rework" | "cancel" | "assess" }
  | { readonly do: "edit"; readonly text: string | undefined }
  | { readonly do: "complete"; readonly step: string; readonly evidence: readonly string[] }
  | { readonly do: "add-step"; readonly stage: StageId }
  | {
      readonly do: "vote";
      readonly decision: "approve" | "reject" | "abstain";
      readonly hash: string;
      readonly comment: boolean;
    }
  | { readonly do: "deploy" | "roll-back"; readonly environment: string }
  | { readonly do: "sign-off"; readonly step: string }
  | { readonly do: "stop" };

const WORKERS = ["developer", "team-lead", "architect", "operator", "qa"];
/** Who may do what at all. */
const ALLOWED: Readonly<Record<Act["do"], readonly string[]>> = {
  submit: ["requester", ...WORKERS, "administrator"],
  edit: ["requester", ...WORKERS, "administrator"],
  assess: WORKERS,
  complete: WORKERS,
  "add-step": WORKERS,
  comment: ["requester", ...WORKERS, "board-member", "auditor", "administrator"],
  attach: ["requester", ...WORKERS, "board-member", "administrator"],
  vote: [...WORKERS, "board-member", "requester"],
  rework: ["requester", ...WORKERS],
  cancel: ["requester", "team-lead", "architect", "operator", "administrator"],
  close: ["requester", ...WORKERS],
  deploy: ["team-lead", "operator"],
  "roll-back": ["team-lead", "operator"],
  "sign-off": ["developer", "team-lead", "operator", "qa"],
  stop: ["team-lead", "operator"],
};
/** And for changes they have nothing to do with. */
const FOR_ALL: Partial<Readonly<Record<Act["do"], readonly string[]>>> = {
  submit: ["administrator"],
  edit: ["administrator"],
  rework: WORKERS,
  cancel: ["team-lead", "architect", "operator", "administrator"],
  close: WORKERS,
};
const APPROVERS = ["dev", "lena", "olga", "quinn"];

const VOTING: readonly StageId[] = ["review", "ready", "failed", "rolled-back"];
const DEPLOYABLE: readonly StageId[] = ["ready", "failed", "rolled-back"];
const REWORKABLE: readonly StageId[] = ["validation", "review", "ready", "failed", "rolled-back", "rejected"];
const NOT_CANCELLED_FROM: readonly StageId[] = ["rolling-back", "deploying", "post-deployment", "closed", "cancelled"];
const over = ({ stage }: Seen) => stage === "closed" || stage === "cancelled";
const standsAt = ({ environments }: Seen, environment: string) => environments[environment] ?? "not-deployed";
const isAt = (seen: Seen, ...states: string[]) => ENVIRONMENTS.some((one) => states.includes(standsAt(seen, one)));

/** Whether a member of the owning team has approved what the change says now, and nobody has rejected it. */
export function isApproved(seen: Seen): boolean {
  const current = seen.votes.filter((vote) => vote.contentHash === seen.contentHash && vote.voter !== seen.requester);
  return (
    current.some(({ decision, voter }) => decision === "approve" && APPROVERS.includes(voter)) &&
    !current.some(({ decision }) => decision === "reject")
  );
}

/** The codes an act has to be refused with, any of them; none: it has to be accepted. */
export function reasonsAgainst(
  act: Act,
  who: Someone,
  seen: Seen,
  around: Around,
  asked: { readonly version: number | undefined; readonly unknown: boolean },
): ReadonlySet<string> {
  const reasons = new Set<string>();
  if (!who.roles.some((role) => ALLOWED[act.do].includes(role))) return reasons.add("NOT_ALLOWED");
  if (asked.unknown) return reasons.add("CHANGE_UNKNOWN");
  if (asked.version !== undefined && asked.version !== seen.version) reasons.add("STALE_VERSION");
  const forAll = FOR_ALL[act.do];
  const involved =
    [seen.requester, seen.assignee].includes(who.handle) || (seen.team !== null && who.teams.includes(seen.team));
  if (forAll && !involved && !who.roles.some((role) => forAll.includes(role))) reasons.add("NOT_YOURS");
  const own = who.handle === seen.requester;
  switch (act.do) {
    case "comment":
      return reasons;
    case "attach":
      return over(seen) ? reasons.add("CHANGE_OVER") : reasons;
    case "submit":
      return seen.stage === "draft" ? reasons : reasons.add("NO_TRANSITION");
    case "edit":
      if (over(seen)) reasons.add("CHANGE_OVER");
      if (act.text !== undefined && isAt(seen, "deployed", "deploying", "rolling-back"))
        reasons.add("CONTENT_DEPLOYED");
      return reasons;
    case "assess":
    case "add-step":
      return over(seen) ? reasons.add("CHANGE_OVER") : reasons;
    case "complete":
      return againstCompleting(act, seen, reasons);
    case "vote":
      if (!VOTING.includes(seen.stage)) reasons.add("WRONG_STAGE");
      if (act.hash !== seen.contentHash) reasons.add("CONTENT_CHANGED");
      if (own) reasons.add("OWN_CHANGE");
      if (act.decision === "reject" && !act.comment) reasons.add("COMMENT_REQUIRED");
      if (!APPROVERS.includes(who.handle)) reasons.add("NOT_AN_APPROVER");
      if (seen.votes.some((vote) => vote.voter === who.handle && vote.contentHash === seen.contentHash))
        reasons.add("ALREADY_VOTED");
      return reasons;
    case "rework":
      return REWORKABLE.includes(seen.stage) ? reasons : reasons.add("NO_TRANSITION");
    case "cancel":
      if (isAt(seen, "deployed", "deploying", "failed", "rolling-back")) reasons.add("STILL_DEPLOYED");
      if (NOT_CANCELLED_FROM.includes(seen.stage)) reasons.add("NO_TRANSITION");
      return reasons;
    case "close":
      if (seen.stage !== "post-deployment") reasons.add("NO_TRANSITION");
      else if (openIn(seen.steps, seen.stage).length > 0) reasons.add("STEPS_OPEN");
      return reasons;
    case "sign-off":
      return seen.running?.waitsFor === act.step ? reasons : reasons.add("STEP_UNKNOWN");
    case "stop":
      return seen.running ? reasons : reasons.add("DEPLOYMENT_ENDED").add("NOT_FOUND");
    case "deploy":
      return againstDeploying(act.environment, own, seen, around, reasons);
    case "roll-back":
      return againstRollingBack(act.environment, seen, around, reasons);
  }
}

function againstCompleting(act: Extract<Act, { do: "complete" }>, seen: Seen, reasons: Set<string>): Set<string> {
  const step = seen.steps.find(({ id }) => id === act.step);
  if (step === undefined) return reasons.add("STEP_UNKNOWN");
  if (step.done) reasons.add("STEP_ALREADY_COMPLETE");
  if (step.automatic) reasons.add("STEP_AUTOMATIC");
  if (over(seen) || ORDER.indexOf(step.stage) > ORDER.indexOf(seen.stage)) reasons.add("STEP_NOT_IN_STAGE");
  if (step.evidence.some((kind) => !act.evidence.includes(kind))) reasons.add("EVIDENCE_MISSING");
  return reasons;
}

function againstDeploying(environment: string, own: boolean, seen: Seen, { busy }: Around, reasons: Set<string>) {
  if (own) reasons.add("OWN_CHANGE");
  const at = ENVIRONMENTS.indexOf(environment as (typeof ENVIRONMENTS)[number]);
  if (at < 0) return reasons.add("ENVIRONMENT_UNKNOWN");
  if (standsAt(seen, environment) === "deployed") reasons.add("ALREADY_DEPLOYED");
  if (busy[environment] !== undefined) reasons.add("ENVIRONMENT_BUSY");
  if (!DEPLOYABLE.includes(seen.stage)) return reasons.add("NO_TRANSITION");
  if (!isApproved(seen)) reasons.add("NOT_APPROVED");
  if (at > 0 && standsAt(seen, ENVIRONMENTS[at - 1]!) !== "deployed") reasons.add("PREVIOUS_ENVIRONMENT");
  if (environment === "production" && openIn(seen.steps, seen.stage).length > 0) reasons.add("STEPS_OPEN");
  return reasons;
}

function againstRollingBack(environment: string, seen: Seen, { busy, others }: Around, reasons: Set<string>) {
  const at = ENVIRONMENTS.indexOf(environment as (typeof ENVIRONMENTS)[number]);
  if (at < 0) return reasons.add("ENVIRONMENT_UNKNOWN");
  if (busy[environment] !== undefined) reasons.add("ENVIRONMENT_BUSY");
  if (!["deployed", "failed"].includes(standsAt(seen, environment))) reasons.add("NOT_DEPLOYED");
  const later = ENVIRONMENTS.slice(at + 1).some(
    (one) => !["not-deployed", "rolled-back"].includes(standsAt(seen, one)),
  );
  if (later) reasons.add("LATER_ENVIRONMENT");
  if (![...DEPLOYABLE, "post-deployment"].includes(seen.stage)) reasons.add("NO_TRANSITION");
  if (others[environment]) reasons.add("NEWER_DEPLOYMENT");
  return reasons;
}

/** Steps that keep a change in a stage: not done, of that stage or one before it. */
function openIn(steps: readonly SeenStep[], stage: StageId): readonly SeenStep[] {
  return steps.filter((step) => !step.done && ORDER.indexOf(step.stage) <= ORDER.indexOf(stage));
}

/** The stage that an accepted act leads to, by itself and what follows from it; not what work in the background makes of it. */
export function stageAfter(act: Act, who: Someone, seen: Seen, stepsNow: readonly SeenStep[]): StageId {
  const settled = (stage: StageId, steps: readonly SeenStep[], approved = isApproved(seen)) =>
    settle(stage, steps, approved);
  switch (act.do) {
    case "submit":
      return settled("request-submission", stepsNow);
    case "assess":
    case "add-step":
      return settled(seen.stage, stepsNow);
    case "complete":
      return settled(seen.stage, stepsNow);
    case "edit": {
      if (act.text === undefined) return settled(seen.stage, stepsNow);
      const back = ["review", "ready", "failed", "rolled-back"].includes(seen.stage);
      return settled(back ? "validation" : seen.stage, stepsNow, false);
    }
    case "rework":
      return settled("implementation", stepsNow);
    case "vote": {
      const vote = { voter: who.handle, decision: act.decision, contentHash: act.hash };
      const clean = !isAt(seen, "deployed");
      if (act.decision === "reject" && (seen.stage === "review" || (seen.stage === "ready" && clean)))
        return "rejected";
      return settled(seen.stage, stepsNow, isApproved({ ...seen, votes: [...seen.votes, vote] }));
    }
    case "cancel":
      return "cancelled";
    case "close":
      return "closed";
    case "deploy":
      return "deploying";
    case "roll-back":
      return "rolling-back";
    default:
      return seen.stage;
  }
}

/** The steps done by hand that are done after an accepted act: going back opens what speaks of what was. */
export function doneAfter(act: Act, seen: Seen): readonly string[] {
  const opened = openedBy(act, seen);
  const still = seen.steps.filter((step) => !step.automatic && step.done && !opened(step.stage)).map(({ id }) => id);
  return (act.do === "complete" ? [...still, act.step] : still).sort();
}

function openedBy(act: Act, { stage }: Seen): (of: StageId) => boolean {
  const from = (first: StageId) => (of: StageId) => ORDER.indexOf(of) >= ORDER.indexOf(first);
  if (act.do === "rework") return from("implementation");
  if (act.do === "edit" && act.text !== undefined && ["validation", ...VOTING].includes(stage))
    return from("validation");
  if (act.do === "roll-back") return (of) => of === "post-deployment";
  return () => false;
}

const FORWARD: Partial<Readonly<Record<StageId, StageId>>> = {
  "request-submission": "impact-analysis",
  "impact-analysis": "planning",
  planning: "implementation",
  implementation: "validation",
  validation: "review",
  review: "ready",
};

function settle(start: StageId, steps: readonly SeenStep[], approved: boolean): StageId {
  let stage = start;
  for (let next = FORWARD[stage]; next !== undefined; next = FORWARD[stage]) {
    if (openIn(steps, stage).length > 0 || (stage === "review" && !approved)) return stage;
    stage = next;
  }
  return stage;
}

/** Where the work in the background may take a change from a stage, by the direction of what was under way. */
export function mayEndIn(stage: StageId, running: Seen["running"], stopped: boolean): readonly StageId[] {
  if (!running) return [stage];
  if (stopped) return ["failed"];
  if (running.direction === "rollback") return ["rolled-back"];
  return [running.environment === "production" ? "post-deployment" : "ready"];
}
