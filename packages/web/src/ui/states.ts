/** What kind of state something is in; the only thing that colour says in these pages. */
export type StateKind = "waiting" | "running" | "good" | "attention" | "stopped" | "undone";

/** Kinds of the states that the server speaks of: of changes, environments, deployments, their steps and checks. */
const KINDS: Readonly<Record<string, StateKind>> = {
  draft: "waiting",
  submitted: "waiting",
  assessing: "waiting",
  implementing: "waiting",
  validating: "waiting",
  awaiting_approval: "attention",
  approved: "good",
  scheduled: "waiting",
  deploying: "running",
  monitoring: "running",
  reviewing: "waiting",
  closed: "good",
  rejected: "stopped",
  cancelled: "undone",
  failed: "stopped",
  fails: "stopped",
  rolling_back: "running",
  "rolling-back": "running",
  rolled_back: "undone",
  "rolled-back": "undone",
  "not-deployed": "waiting",
  deployed: "good",
  requested: "waiting",
  pending: "waiting",
  running: "running",
  waiting: "attention",
  succeeded: "good",
  done: "good",
  passed: "good",
  ok: "good",
  equal: "good",
  inconclusive: "attention",
  "not-rehearsable": "attention",
  "not-applicable": "waiting",
};

/** The kind of a state; one that is not known counts as waiting. */
export function kindOf(state: string): StateKind {
  return KINDS[state] ?? "waiting";
}

/** A state as people read it: `awaiting_approval` is "awaiting approval". */
export function wordsOf(state: string): string {
  return state.replace(/[_-]/g, " ");
}
