import { type Refusal, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { JournalEntry } from "../../storage/journal.ts";
import { isArtifactStep, isComplete, mayHaveTouched, rowsOf } from "./attempts.ts";
import type { DeploymentPlan } from "./plan.ts";

/** The refusal a deployment ends with that somebody has stopped. */
export function cancellation({ by, reason }: { by: string; reason: string }): Refusal {
  return refuse(
    "DEPLOYMENT_CANCELLED",
    `${by} stopped it: ${reason}`,
    "Look at the target's state, then deploy again or roll back.",
  ).refusal;
}

/** What a deployment that ended between two steps has left, in a sentence. */
export function leftBehind(journal: readonly JournalEntry[]): string {
  const done = journal
    .filter((entry) => isArtifactStep(entry.step) && entry.state === "done")
    .map((entry) => entry.step);
  const open = journal.find((entry) => entry.state !== "done");
  if (done.length === 0 && (!open || !mayHaveTouched(open))) return "Nothing was done to the target.";
  const rows = open ? rowsOf(open.output) : 0;
  const doubt =
    rows > 0
      ? ` "${open!.step}" had gone through about ${rows} rows, which are on the target; deploying again goes on there.`
      : open && mayHaveTouched(open)
        ? ` What "${open.step}" did is not known.`
        : "";
  return `Stopped between two steps; done are: ${done.join(", ") || "none"}.${doubt}`;
}

/** A further sentence for a deployment that ended in a step: what it had carried out whole before; nothing where that is none. */
export function carriedOutBefore(plan: DeploymentPlan, journal: readonly JournalEntry[], step: string): string {
  const whole = plan.artifacts.filter(
    ({ id }) => !step.startsWith(`${id}:`) && isComplete(id, [{ id: "", plan, journal }]),
  );
  if (whole.length === 0) return "";
  const names = whole.map(({ name }) => `"${name}"`).join(", ");
  const are = whole.length === 1 ? "was" : "were";
  return plan.direction === "deploy"
    ? ` Before it, ${names} ${are} carried out.`
    : ` Before it, ${names} ${are} taken back.`;
}
