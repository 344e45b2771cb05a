import type { Change, Step } from "../change/change.ts";
import type { Situation } from "../change/situation.ts";
import type { Status } from "../change/status.ts";
import type { StepTemplate, Trigger } from "../process/process.ts";
import { stageOf } from "../process/transition.ts";
import { awaitedBy, isStanding, SUBMITTED } from "./automatic-steps.ts";
import type { Setting } from "./setting.ts";

/** One move of a change from stage to stage. */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly fromStatus: Status;
  readonly toStatus: Status;
  readonly trigger: Trigger;
}

const GOING_BACK: ReadonlySet<Trigger> = new Set(["rework", "edit", "reject"]);
const AFTER_DEPLOYMENT: ReadonlySet<Status> = new Set(["monitoring", "reviewing"]);

/**
 * The completed steps that a move opens again. Going back (rework, edit, reject) opens those of the stage it leads to and of every later one;
 * an edit opens those of a validating stage even when it stays there, because they speak of what the content was. A rollback opens what the
 * deployment it takes back had completed, and what was seen after it. Steps that stand for a condition are left to be judged by it, those that
 * stand for the submission stay done, since that happens once, and a
 * deployment that is still there stays done.
 */
export function reopenedBy(
  move: Move,
  change: Change,
  { process, situation }: Setting,
  environment?: string,
): readonly Step[] {
  const order = process.stages.map((stage) => stage.id);
  const target = order.indexOf(move.to);
  const goesBack =
    GOING_BACK.has(move.trigger) &&
    (target < order.indexOf(move.from) || (move.trigger === "edit" && move.toStatus === "validating"));
  return change.steps.filter((step) => {
    if (step.completed === undefined) return false;
    const awaited = awaitedBy(process, step);
    if (awaited !== undefined && (isStanding(awaited) || awaited.on === SUBMITTED)) return false;
    if (goesBack) return order.indexOf(step.stage) >= target && !isStillDeployed(awaited, situation);
    if (move.trigger !== "rollback") return false;
    if (awaited?.on === "deployment.succeeded") return !isStillDeployed(awaited, situation, environment);
    return AFTER_DEPLOYMENT.has(stageOf(process, step.stage).status);
  });
}

/** Whether the deployment a step was completed on is still there, leaving aside the environment that is being rolled back. */
function isStillDeployed(awaited: StepTemplate["automatic"], { environments }: Situation, except?: string): boolean {
  if (awaited?.on !== "deployment.succeeded") return false;
  return environments.some(
    ({ environment, state }) =>
      state === "deployed" && environment !== except && (awaited.environment ?? environment) === environment,
  );
}
