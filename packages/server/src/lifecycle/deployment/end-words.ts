import { type Refusal, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { JournalEntry } from "../../storage/journal.ts";
import { isArtifactStep, mayHaveTouched } from "./attempts.ts";

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
  const doubt = open && mayHaveTouched(open) ? ` What "${open.step}" did is not known.` : "";
  return `Stopped between two steps; done are: ${done.join(", ") || "none"}.${doubt}`;
}
