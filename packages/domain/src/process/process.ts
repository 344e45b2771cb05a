import type { Place } from "../change/refusal.ts";
import type { Status } from "../change/status.ts";
import type { Role } from "../identity/roles.ts";
import type { TriggerAnswer } from "./rollback-trigger.ts";
import type { Freeze, Limit, Recurrence, WindowAnswer } from "./times.ts";
import type { WorkingTime } from "./working-time.ts";

/** A process as data: what one folder under processes/ says, after loading. Everything is plain JSON. */
export interface Process {
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly description: string;
  readonly owner: string;
  /** RFC 3339 dates. */
  readonly effective: string;
  readonly review: string;
  /** Number pattern, such as `CHG-{seq}` or `CR-{yyyy}-{seq:4}`. */
  readonly number: string;
  /** Closed sets of values that tables may ask about. `type` and `environment` are filled by the loader. */
  readonly dimensions: Readonly<Record<string, Dimension>>;
  /** Facts concluded from other facts, in order: a later table may use an earlier conclusion. */
  readonly derived: readonly DerivedFact[];
  readonly types: readonly ChangeType[];
  readonly form: Form;
  /** Which team a change is routed to. */
  readonly routing: DecisionTable<RoutingAnswer>;
  readonly stages: readonly Stage[];
  readonly initialStage: string;
  /** What each environment asks for before a deployment there; evaluated with the fact `environment`. */
  readonly approvals: Tables<ApprovalAnswer>;
  readonly duties: Duties;
  readonly testing: Tables<TestingAnswer>;
  readonly rollback: Tables<RollbackAnswer>;
  readonly afterwards: Tables<AfterwardsAnswer>;
  /** Environment names in promotion order, as the process sees them. The workspace may have fewer or more. */
  readonly environments: readonly string[];
  /** Words for what people hold beside their permission roles; requirements may name only these. */
  readonly positions?: readonly Position[];
  /** Those who decide together by voting. */
  readonly boards?: readonly Board[];
  /** What limits in working hours and days go by; Monday to Friday from nine to five in UTC where it is left out. */
  readonly workingTime?: WorkingTime;
  /** When a deployment to an environment may start, evaluated with the fact `environment`; at any time where it is left out. */
  readonly windows?: Tables<WindowAnswer>;
  /** When none may, whatever window is open. */
  readonly freezes?: readonly Freeze[];
  /** What of the running system takes a deployment back by itself. */
  readonly triggers?: Tables<TriggerAnswer>;
  /** Numbers turned into words before any table is asked: a count of items into "large". */
  readonly bands?: readonly Band[];
  /** Weighted factors summed, capped and turned into a word, after the derived facts. */
  readonly scores?: readonly Score[];
  /** The catalogue of standard changes that were approved beforehand. */
  readonly standing?: readonly StandingChange[];
  /** How a change is said in a file, in and out. */
  readonly template?: RequestTemplate;
  /** The file the process was read from, where it was. */
  readonly place?: Place;
}

/**
 * A routine that was agreed on once: what its form is filled in with, and what has to hold for a change to count as one. Which of them a
 * change is stands in the form's field `standing`; the fact of that name is its id, or `none`.
 */
export interface StandingChange {
  readonly id: string;
  readonly title: string;
  /** What it is for, in a sentence. */
  readonly description: string;
  /** The position that answers for it. */
  readonly owner: string;
  /** The last day (YYYY-MM-DD) on which a change may be submitted as one. */
  readonly expires: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** What has to hold, for as long as it is to count as one. */
  readonly when: Condition;
  readonly source?: string;
  readonly place?: Place;
}

/** A change request as a file: Markdown with headings and labels, or YAML with keys. */
export interface RequestTemplate {
  readonly format: "markdown" | "yaml";
  /** What the template calls itself; where a file's heading is just this, the change has no title yet. */
  readonly title: string;
  readonly entries: readonly TemplateEntry[];
}

/** One thing that the file says: a field of the form, something the product itself knows, or whether an approval was given. */
export interface TemplateEntry {
  /** Headings and labels, or keys, from the outermost inwards; none for the heading of the whole. */
  readonly at: readonly string[];
  readonly field?: string;
  readonly says?: "number" | "requester" | "created";
  /** The requirement whose approval is shown. It is given by vote: reading it gives nothing. */
  readonly approval?: string;
  /** What the empty template says here; a file that still says just this has nothing filled in. */
  readonly guide?: string;
  readonly place?: Place;
}

export interface Position {
  readonly id: string;
  readonly title: string;
}

/** Seats that decide together; whoever holds the position of a seat may vote for it, once. */
export interface Board {
  readonly id: string;
  readonly title: string;
  /** Positions with a seat. */
  readonly members: readonly string[];
  /** The member whose vote decides where as many are for as against. */
  readonly chair: string;
  /** Seats that must have answered, abstentions included; more than half of all where it is left out. */
  readonly quorum?: number;
  /** Positions of members whose vote against is decisive. */
  readonly veto?: readonly string[];
  /** Whether the quorum goes by the seats that are left when members keep out for a conflict of interest; by all of them where it is left out. */
  readonly recusal?: "lowers-quorum";
  /**
   * Whether those who are heard in a meeting make the quorum and decide alone once they do; where it is left out, whoever has answered makes it,
   * and whoever could still answer is waited for.
   */
  readonly quorumBy?: "presence";
  /** When it meets. */
  readonly meets?: Recurrence;
  /** Within how long it convenes in an emergency. */
  readonly convenesWithin?: Limit;
  readonly place?: Place;
}

/** A fact concluded from a number: the first band whose `upTo` (inclusive) is not below it; the last has no `upTo`. */
export interface Band {
  readonly name: string;
  readonly title: string;
  /** The number field or numeric fact that is read. */
  readonly from: string;
  readonly levels: readonly BandLevel[];
}

export interface BandLevel {
  readonly upTo?: number;
  readonly value: Scalar;
}

/** Points of every matching row, added up and capped; the sum is the fact `<name>Score`, its level the fact `<name>`. */
export interface Score {
  readonly name: string;
  readonly title: string;
  readonly table: Tables<{ readonly points: number }>;
  readonly cap: number;
  readonly levels: readonly BandLevel[];
}

export type Scalar = string | number | boolean;

/** Values a fact may have. `open` means other values occur too, so that only a row without a condition on it covers all. */
export interface Dimension {
  readonly title: string;
  readonly values: readonly Scalar[];
  readonly open?: boolean;
  /** The fact is a list: several of the values at once, or none of them. */
  readonly many?: boolean;
  /** The values are written from the least to the most; of several conclusions or sources the highest stands. */
  readonly ordered?: boolean;
  /** The value where nothing says otherwise. */
  readonly default?: Scalar;
}

/** What is known about a change. A list matches a condition when any of its members does; undefined matches nothing but "any". */
export type Facts = Readonly<Record<string, Scalar | readonly Scalar[] | undefined>>;

/** Conjunction over dimensions; a list means one of these values; a dimension left out means any value. */
export type Condition = Readonly<Record<string, Scalar | readonly Scalar[]>>;

export interface Row<T> {
  readonly id: string;
  readonly when: Condition;
  readonly then: T;
  /** The document and place this row comes from, or `ours` with the reason. */
  readonly source?: string;
  readonly place?: Place;
}

/** A decision table in the sense of DMN. `unique`: at most one row may match; `collect`: all that match count. */
export interface DecisionTable<T> {
  readonly id: string;
  readonly title: string;
  readonly dimensions: readonly string[];
  readonly hit: "unique" | "collect";
  readonly rows: readonly Row<T>[];
  readonly place?: Place;
}

/** One table, or several whose answers add up: each of them has to say something, or nothing is known. */
export type Tables<T> = DecisionTable<T> | readonly DecisionTable<T>[];

/** A conclusion. Several may have one name: true stays true, and of an ordered dimension the highest stands. */
export interface DerivedFact {
  readonly name: string;
  readonly title: string;
  readonly table: DecisionTable<{ readonly value: Scalar }>;
}

export interface ChangeType {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

export interface Form {
  readonly fields: readonly FormField[];
  readonly rules: readonly FormRule[];
}

export type FieldKind =
  | "text"
  | "long-text"
  | "choice"
  | "boolean"
  | "number"
  | "list"
  | "users"
  | "components"
  | "date";

export interface FormField {
  readonly id: string;
  readonly title: string;
  readonly help: string;
  readonly kind: FieldKind;
  /** True, or the condition on facts under which it is required. */
  readonly required?: boolean | Condition;
  /** Shown and accepted only when this holds. */
  readonly when?: Condition;
  readonly values?: readonly string[];
  readonly default?: unknown;
  /** Characters for text, members for lists, the number itself for numbers. */
  readonly min?: number;
  readonly max?: number;
  /** Regular expression that a text, or each member of a list, must match. */
  readonly pattern?: string;
  /** For dates: at least so many months after the date in another field. */
  readonly notBefore?: { readonly field: string; readonly months: number };
  /** A fact of this name is derived from the field's value (choice, boolean and list fields only). */
  readonly fact?: string;
  /** This boolean fact is true when the field is filled in; like every flag it is only ever raised. */
  readonly factWhenFilled?: string;
  readonly place?: Place;
}

/** Cross-field rule: where `when` holds, `require` must hold too; else the sentence is said. */
export interface FormRule {
  readonly code: string;
  readonly when: Condition;
  readonly require: Condition;
  /** The field the sentence is shown at. */
  readonly field?: string;
  readonly message: string;
  readonly hint: string;
  readonly place?: Place;
}

/** `team` is a team's name, or "component" for the team that owns the first affected component. */
export interface RoutingAnswer {
  readonly team: string;
}

export interface Stage {
  readonly id: string;
  readonly title: string;
  readonly status: Status;
  /** Number and name of the documented step this stage belongs to, for display, such as "4 Implementation". */
  readonly phase?: string;
  readonly steps: readonly StepTemplate[];
  readonly transitions: readonly Transition[];
  /** What is not possible here, with the reason: so that silence is never meant as a no. */
  readonly refusals?: readonly RefusedAct[];
  readonly place?: Place;
}

export interface RefusedAct {
  readonly on: Trigger;
  readonly when?: Condition;
  /** A sentence. */
  readonly because: string;
  readonly place?: Place;
}

export interface StepTemplate {
  readonly id: string;
  readonly title: string;
  readonly help?: string;
  readonly when?: Condition;
  /** Kinds of evidence of which at least one item each is needed to complete the step. */
  readonly evidence: readonly EvidenceKind[];
  /** Roles that may complete it; empty means anyone who may complete steps. */
  readonly by: readonly Role[];
  /** Positions whose holders may complete it as well; with no roles given, only they may. */
  readonly positions?: readonly string[];
  /** Kinds of test that its completion stands for, where they are done by hand. */
  readonly tests?: readonly string[];
  /** Completed by the engine when this happens; nobody completes it by hand. */
  readonly automatic?: { readonly on: string; readonly environment?: string };
  readonly place?: Place;
}

export type EvidenceKind = "note" | "link" | "report" | "file";

/**
 * What moves a change. `ready` is tried by the engine after every act; the others are acts:
 * submit, assess, reject, rework, edit, deploy, deployed, deployment-failed, rollback, rolled-back, rollback-failed, close, cancel.
 */
export const TRIGGERS = [
  "ready",
  "submit",
  "assess",
  "reject",
  "rework",
  "edit",
  "deploy",
  "deployed",
  "deployment-failed",
  "rollback",
  "rolled-back",
  "rollback-failed",
  "close",
  "cancel",
] as const;

export type Trigger = (typeof TRIGGERS)[number];

/**
 * Gates: `form` (form valid), `steps` (every step of this stage and of those before it complete), `rehearsed` (up ran; down restored where the process asks),
 * `validated` (latest validation of the current content passed), `approved-all` (every environment's approvals met),
 * `approved` (the target environment's approvals met), `previous-environment` (deployed there before), `obligations` (nothing owed),
 * `tested-before-approval`, `tested-before-deployment`, `tested-after-deployment` (every test due by then passed on the current content),
 * `window` (a window is open for the target environment, and no freeze).
 */
export const GATES = [
  "form",
  "steps",
  "rehearsed",
  "validated",
  "approved-all",
  "approved",
  "previous-environment",
  "obligations",
  "tested-before-approval",
  "tested-before-deployment",
  "tested-after-deployment",
  "window",
] as const;

export type Gate = (typeof GATES)[number];

export interface Transition {
  readonly to: string;
  readonly on: Trigger;
  readonly when?: Condition;
  readonly gates: readonly Gate[];
  readonly place?: Place;
}

/** Who may give a requirement. `team: "owning"` is the team the change was routed to. */
export interface Voters {
  readonly team?: string;
  readonly roles?: readonly Role[];
  readonly position?: string;
  /** A board, which answers by its vote instead of by a count. */
  readonly board?: string;
  /** Everybody named in this form field (kind users). */
  readonly field?: string;
}

export interface Requirement {
  readonly id: string;
  readonly title: string;
  readonly from: Voters;
  /** How many; "all" with `from.field` means every person named there. */
  readonly count: number | "all";
  /** Other requirements the same person's vote may count for as well. */
  readonly mayShare?: readonly string[];
  /** How a board decides: by majority where it is left out. */
  readonly decision?: BoardDecision;
  /** Requirements that must be met before this one is voted on. */
  readonly after?: readonly string[];
  /** How long it may take from the moment it is asked for. */
  readonly within?: Limit;
  /** The position that is told when that is over. */
  readonly escalateTo?: string;
  /**
   * Asked for before a deployment unless it is said that it may come until the change is closed, or that it is what lets a deployment start
   * outside every window and in a freeze: that is asked of nobody, and never given unless it is named.
   */
  readonly due?: "closing" | "bypass";
}

/** `percent` is the share of the votes for among those for and against, or still to come. */
export type BoardDecision = "majority" | "unanimous" | { readonly percent: number };

export interface ApprovalAnswer {
  readonly requirements: readonly Requirement[];
}

/** Separation of duties; the loader fills in the strict default (all false). */
export interface Duties {
  readonly ownChangeApproval: boolean;
  readonly ownChangeDeployment: boolean;
}

export interface TestingAnswer {
  /** Test kinds, such as unit or integration. */
  readonly tests: readonly string[];
  readonly due: TestMoment;
  /** The moment holds for every test that other rows ask for, too. */
  readonly forAll?: boolean;
}

export const TEST_MOMENTS = ["before-approval", "before-deployment", "after-deployment"] as const;

export type TestMoment = (typeof TEST_MOMENTS)[number];

export interface RollbackAnswer {
  readonly procedure: readonly string[];
  /** Whether the down part must have been rehearsed and restore the schema before approval. */
  readonly rehearsed: "required" | "advised";
}

export interface AfterwardsAnswer {
  readonly monitoringDays: number;
  /** Ids of steps that must be complete before closing, whatever stage they belong to. */
  readonly obligations: readonly string[];
}

/** An answer that explains itself: what was asked, whether it holds, why, and what it rests on. */
export interface Explanation {
  readonly id: string;
  readonly title: string;
  readonly met: boolean;
  readonly reason: string;
  /** Handles of people who could still give it, where it is an approval. */
  readonly couldBeGivenBy?: readonly string[];
  readonly children: readonly Explanation[];
}
