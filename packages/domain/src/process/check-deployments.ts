import type { Problem } from "../change/refusal.ts";
import { implies } from "./coverage.ts";
import { problem } from "./problem.ts";
import type { Process, Stage, Transition } from "./process.ts";
import { closure } from "./reach.ts";
import { tablesIn } from "./table.ts";

/**
 * Proves that no deployment starts without approval and validation of the content it deploys. A way counts from the beginning and again from
 * wherever an edit or rework leads, since these change the content. `approved` speaks of one environment, so it counts only on the way into a
 * deploying stage; `approved-all` and `validated` count anywhere before. Instead of validation, obligations that block closing are enough.
 */
export function checkDeployments(process: Process): readonly Problem[] {
  const unapproved = unguardedStages(process, (transition) => transition.gates.includes("approved-all"));
  const unvalidated = unguardedStages(process, (transition) => transition.gates.includes("validated"));
  return process.stages.flatMap((stage) =>
    stage.transitions
      .filter((transition) => isDeploying(process, transition.to) && !isDeploying(process, stage.id))
      .flatMap((transition) => [
        ...(transition.gates.includes("approved") ||
        transition.gates.includes("approved-all") ||
        !unapproved.has(stage.id)
          ? []
          : [avoidable("DEPLOYS_UNAPPROVED", "approval", "approved", stage, transition)]),
        ...(transition.gates.includes("validated") || !unvalidated.has(stage.id) || isOwedLater(process, transition)
          ? []
          : [avoidable("DEPLOYS_UNVALIDATED", "validation", "validated", stage, transition)]),
      ]),
  );
}

/** The stages a change can be in, from its beginning or since its content changed, without having passed a guarding transition. */
export function unguardedStages(
  { stages, initialStage }: Process,
  guards: (transition: Transition) => boolean,
): ReadonlySet<string> {
  const everything = stages.flatMap((stage) => stage.transitions);
  const changed = everything.filter(({ on }) => on === "edit" || on === "rework").map((transition) => transition.to);
  return closure([initialStage, ...changed], (id) =>
    stages
      .filter((stage) => stage.id === id)
      .flatMap((stage) =>
        stage.transitions.filter((transition) => !guards(transition)).map((transition) => transition.to),
      ),
  );
}

function isDeploying({ stages }: Process, id: string): boolean {
  return stages.find((stage) => stage.id === id)?.status === "deploying";
}

/** Whether every change that takes this transition owes something afterwards, and nothing closes before that is done. */
function isOwedLater({ stages, afterwards }: Process, transition: Transition): boolean {
  const closing = stages.flatMap((stage) =>
    stage.transitions.filter(({ to }) => stages.find((target) => target.id === to)?.status === "closed"),
  );
  const owed = tablesIn(afterwards)
    .flatMap((table) => table.rows)
    .some((row) => row.then.obligations.length > 0 && implies(transition.when ?? {}, row.when));
  return owed && closing.every((last) => last.gates.includes("obligations"));
}

function avoidable(code: string, what: string, gate: string, stage: Stage, transition: Transition): Problem {
  const message = `A change can go from ${stage.id} to ${transition.to} without ${what}.`;
  return problem(
    code,
    message,
    `Add the gate "${gate}" to the transition on ${transition.on}.`,
    transition.place ?? stage.place,
  );
}
