import type { Change, Step } from "../../change/change.ts";
import { matches } from "../../process/conditions.ts";
import type { Facts, Process, StepTemplate } from "../../process/process.ts";

/** The steps of every stage whose condition holds, in the order of the process. */
export function checklist(process: Process, facts: Facts): readonly Step[] {
  return process.stages.flatMap((stage) =>
    stage.steps.filter((template) => matches(template.when ?? {}, facts)).map((template) => stepOf(stage.id, template)),
  );
}

/**
 * The checklist after facts have changed. A completed step keeps its completion and stays even where it is no longer asked for;
 * steps people added stay. `added` and `removed` name step ids.
 */
export function refreshChecklist(
  process: Process,
  facts: Facts,
  existing: readonly Step[],
): { readonly steps: readonly Step[]; readonly added: readonly string[]; readonly removed: readonly string[] } {
  const before = new Map(existing.map((step) => [step.id, step]));
  const wanted = checklist(process, facts);
  const wantedIds = new Set(wanted.map((step) => step.id));
  const kept = existing.filter((step) => !wantedIds.has(step.id) && (step.added || step.completed !== undefined));
  const renewed = wanted.map((step) => {
    const old = before.get(step.id);
    // A person's own step of the same id is theirs; the template does not take it over.
    if (old?.added === true) return old;
    return old?.completed === undefined ? step : { ...step, completed: old.completed };
  });
  const order = process.stages.map((stage) => stage.id);
  const steps = [...renewed, ...kept].sort((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage));
  const staying = new Set(steps.map((step) => step.id));
  return {
    steps,
    added: wanted.filter((step) => !before.has(step.id)).map((step) => step.id),
    removed: existing.filter((step) => !staying.has(step.id)).map((step) => step.id),
  };
}

/**
 * The steps that keep a change where it is: those of its stage and of every stage before it (stages are written in the order of a change's
 * life) that nobody has completed. Earlier stages count, because a change that turns out to be breaking late gets steps it has passed by.
 */
export function openSteps(process: Process, change: Pick<Change, "stage" | "steps">): readonly Step[] {
  const order = process.stages.map((stage) => stage.id);
  const current = order.indexOf(change.stage);
  return change.steps.filter((step) => step.completed === undefined && order.indexOf(step.stage) <= current);
}

/** The process's template of a step, or undefined for one that a person added. */
export function templateOf(process: Process, stepId: string): StepTemplate | undefined {
  return process.stages.flatMap((stage) => stage.steps).find((template) => template.id === stepId);
}

function stepOf(stage: string, template: StepTemplate): Step {
  return {
    id: template.id,
    stage,
    title: template.title,
    evidenceNeeded: template.evidence,
    by: template.by,
    ...(template.positions === undefined ? {} : { positions: template.positions }),
    automatic: template.automatic !== undefined,
    added: false,
  };
}
