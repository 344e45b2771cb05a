import type { Act, Change, Step } from "../../data/types.ts";
import type { Permit } from "../../ui/act-button.tsx";

/** What an act is called on a button; what comes after the colon of an act is its environment. */
const TITLES: Readonly<Record<string, (environment: string) => string>> = {
  submit: () => "Submit",
  assess: () => "Write the impact analysis",
  "complete-steps": () => "Complete the next step",
  vote: () => "Approve",
  deploy: (environment) => `Deploy to ${environment}`,
  rollback: (environment) => `Roll back ${environment}`,
  close: () => "Close the change",
  rework: () => "Take back to work",
  edit: () => "Edit",
  cancel: () => "Cancel the change",
  "withdraw-vote": () => "Withdraw what I said",
  recuse: () => "Keep out of it",
};

/** Refusals that only say that there is nothing to be done. */
const NOTHING_TO_DO = new Set(["NO_OPEN_STEP", "ALREADY_DEPLOYED", "CHANGE_OVER", "WRONG_STAGE"]);

/** Statuses from which taking a change back to work is the way forward. */
const STUCK = new Set<Change["status"]>(["rejected", "failed", "rolled_back"]);

/** The two parts of an act: `deploy:staging` is deploy and staging. */
export function partsOf(act: string): readonly [name: string, environment: string] {
  const [name = "", environment = ""] = act.split(":");
  return [name, environment];
}

/** What an act is called on a button. */
export function titleOf(act: string): string {
  const [name, environment] = partsOf(act);
  return TITLES[name]?.(environment) ?? name.replaceAll("-", " ");
}

/** Whether the person may do an act now; one that the server does not name is none of this stage. */
export function permitOf(change: Change, act: string): Permit {
  const found = change.acts.find((one) => one.act === act);
  return found ?? { allowed: false, reason: `This is not possible in stage "${change.stageTitle}".` };
}

/**
 * What to do next: the first act forward that is allowed, in the server's order, and another way forward where there is one;
 * else the first that is awaited, with why not, and where that is an incomplete form, editing it.
 */
export function nextActs(change: Change): readonly Act[] {
  if (deploymentAtWork(change) !== null) return [];
  const forward = change.acts.filter(({ act }) => isForward(change, partsOf(act)[0]));
  const allowed = forward.filter((act) => act.allowed).slice(0, 2);
  if (allowed.length > 0) return allowed;
  const awaited = forward.filter(({ code }) => !NOTHING_TO_DO.has(code ?? "")).slice(0, 1);
  // A form that is not filled in is filled in by editing.
  const edit = change.acts.filter(
    ({ act, allowed }) => act === "edit" && allowed && awaited[0]?.code === "FORM_INVALID",
  );
  return [...edit, ...awaited];
}

function isForward(change: Change, name: string): boolean {
  if (name === "complete-steps") return openSteps(change).length > 0;
  if (name === "assess") return change.assessment === null;
  if (name === "vote") return change.approvals.some(({ met }) => !met);
  if (name === "rework") return STUCK.has(change.status);
  return ["submit", "deploy", "close"].includes(name);
}

/** The id of the deployment or rollback that is at work for the change; null when none is. */
export function deploymentAtWork({ environments }: Change): string | null {
  return environments.find(({ state }) => state === "deploying" || state === "rolling-back")?.deployment ?? null;
}

/** Steps that people still have to complete, of the current stage and those before it. */
export function openSteps(change: Change): readonly Step[] {
  const last = change.steps.findLastIndex(({ stage }) => stage === change.stage);
  return change.steps.slice(0, last + 1).filter((step) => !step.completed && !step.automatic);
}

/** The last environment on the way, which is confirmed by typing its name. */
export function isLast(change: Change, environment: string): boolean {
  return change.environments.at(-1)?.environment === environment;
}
