import type { Change, Evidence, Step } from "../../change/change.ts";
import { accept, type Outcome, refuse } from "../../change/refusal.ts";
import { FINAL_STATUSES } from "../../change/status.ts";
import type { Actor } from "../../identity/roles.ts";
import type { Process } from "../../process/process.ts";
import { suggest } from "../../process/suggestion.ts";
import { stageOf } from "../../process/transition.ts";
import { templateOf } from "./checklist.ts";

export interface StepCompletion {
  readonly stepId: string;
  readonly evidence: readonly Evidence[];
  readonly notes?: string;
  readonly actor: Pick<Actor, "handle" | "roles" | "positions">;
  readonly now: string;
}

/**
 * Completes a step by hand. A step belongs to its stage: it can be completed from the moment its stage is reached, in that stage or a later
 * one (stages are written in the order of a change's life), until the change is over.
 * Refusals: STEP_UNKNOWN, STEP_ALREADY_COMPLETE, STEP_AUTOMATIC, STEP_NOT_IN_STAGE, STEP_NOT_YOURS, EVIDENCE_MISSING.
 */
export function decideStepCompletion(
  change: Pick<Change, "stage" | "steps">,
  process: Process,
  { stepId, evidence, notes, actor, now }: StepCompletion,
): Outcome<{ readonly step: Step }> {
  const step = change.steps.find((candidate) => candidate.id === stepId);
  if (step === undefined) {
    const ids = change.steps.map((candidate) => candidate.id);
    return refuse("STEP_UNKNOWN", `The checklist has no step "${stepId}".`, suggest(stepId, ids));
  }
  if (step.completed !== undefined) {
    const { by, at } = step.completed;
    return refuse(
      "STEP_ALREADY_COMPLETE",
      `"${step.title}" was completed by ${by} at ${at}.`,
      "Add a comment instead.",
    );
  }
  if (step.automatic) {
    const on = templateOf(process, step.id)?.automatic;
    const event = on === undefined ? "its event" : [on.on, on.environment].filter(Boolean).join(" on ");
    return refuse(
      "STEP_AUTOMATIC",
      `"${step.title}" is completed by the engine.`,
      `It is completed when this happens: ${event}.`,
    );
  }
  const reached = isReached(process, change.stage, step.stage);
  if (!reached) {
    const current = stageOf(process, change.stage);
    return refuse(
      "STEP_NOT_IN_STAGE",
      `"${step.title}" belongs to stage "${step.stage}"; the change is in "${current.title}".`,
      FINAL_STATUSES.has(current.status) ? "The change is over." : "Complete the steps of the current stage first.",
    );
  }
  const { by, positions = [] } = step;
  const isTheirs =
    actor.roles.some((role) => by.includes(role)) || actor.positions.some((held) => positions.includes(held.position));
  if (by.length + positions.length > 0 && !isTheirs) {
    const takes = [
      ...(by.length === 0 ? [] : [`one of these roles: ${by.join(", ")}`]),
      ...(positions.length === 0 ? [] : [`one of these positions: ${positions.join(", ")}`]),
    ];
    return refuse("STEP_NOT_YOURS", `"${step.title}" is not yours to complete.`, `It takes ${takes.join(" or ")}.`, {
      details: { roles: by, ...(positions.length === 0 ? {} : { positions }) },
    });
  }
  const given = new Set(evidence.filter((item) => item.value.trim() !== "").map((item) => item.kind));
  const missing = step.evidenceNeeded.filter((kind) => !given.has(kind));
  if (missing.length > 0) {
    return refuse(
      "EVIDENCE_MISSING",
      `"${step.title}" needs evidence: ${missing.join(", ")}.`,
      "Give at least one item of each kind.",
      {
        place: { pointer: "/evidence" },
        details: { missing },
      },
    );
  }
  const completed = { at: now, by: actor.handle, evidence, ...(notes === undefined ? {} : { notes }) };
  return accept({ step: { ...step, completed } });
}

function isReached(process: Process, currentId: string, stepStage: string): boolean {
  if (FINAL_STATUSES.has(stageOf(process, currentId).status)) return false;
  const order = process.stages.map((stage) => stage.id);
  return order.indexOf(stepStage) <= order.indexOf(currentId);
}
