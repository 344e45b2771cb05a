import type { Change, DomainEvent, Step } from "../change/change.ts";
import type { Process, StepTemplate } from "../process/process.ts";
import { templateOf } from "./implementation/checklist.ts";
import { isRehearsed } from "./implementation/rehearsal.ts";
import { validateChange } from "./implementation/validation.ts";
import type { Setting } from "./setting.ts";

/** Something that completes automatic steps: its event type, and the environment it happened in where it has one. */
export interface Happening {
  readonly type: string;
  readonly environment?: string;
}

type Awaited = NonNullable<StepTemplate["automatic"]>;

/** Happenings that are conditions on the content: their steps are complete as long as they hold. Every other happening happens once. */
const STANDING: Readonly<Record<string, (change: Change, setting: Setting) => boolean>> = {
  "validation.passed": (change, { process, situation }) =>
    validateChange(process, change, situation).result === "passed",
  "rehearsal.passed": (change, { process, situation }) => isRehearsed(process, change, situation),
};

/** Happens once in the life of a change, however often it is taken back to work. */
export const SUBMITTED = "change.submitted";

/** What the engine completes a step on; undefined for a step that people complete, or that a person added. */
export function awaitedBy(process: Process, step: Step): Awaited | undefined {
  return step.added ? undefined : templateOf(process, step.id)?.automatic;
}

/** Whether a step stands for something that holds or not, rather than for something that happened. */
export function isStanding(awaited: Awaited): boolean {
  return Object.hasOwn(STANDING, awaited.on);
}

/** What completes an automatic step, in words: `deployment.succeeded in staging`. */
export function awaitedText({ on, environment }: Awaited): string {
  return environment === undefined ? on : `${on} in ${environment}`;
}

/**
 * The change with its automatic steps true to what happened and to what holds now: completed by `engine` where it did, opened again where a
 * condition no longer holds. Each of both is told by an event, `step.completed` or `step.reopened`.
 */
export function keepAutomaticSteps(
  change: Change,
  setting: Setting,
  happened: readonly Happening[],
): { readonly change: Change; readonly events: readonly DomainEvent[] } {
  const events: DomainEvent[] = [];
  const steps = change.steps.map((step) => {
    const awaited = awaitedBy(setting.process, step);
    if (awaited === undefined) return step;
    const holds = isStanding(awaited) ? STANDING[awaited.on]!(change, setting) : undefined;
    if (step.completed !== undefined) {
      if (holds !== false) return step;
      events.push(reopenedEvent(step, `${awaited.on} no longer holds for this content`));
      return reopen(step);
    }
    if (!(holds ?? happened.some((happening) => answers(happening, awaited)))) return step;
    const evidence = [{ kind: "note" as const, value: awaitedText(awaited) }];
    const { id, title } = step;
    events.push({ type: "step.completed", details: { step: id, title, evidence, by: "engine", because: awaited.on } });
    return { ...step, completed: { at: setting.situation.now, by: "engine", evidence } };
  });
  return { change: { ...change, steps }, events };
}

/** A step without its completion. */
export function reopen(step: Step): Step {
  const { completed: _, ...open } = step;
  return open;
}

/** Says that a completed step is open again, why, and whose completion no longer counts. */
export function reopenedEvent({ id, title, completed }: Step, because: string): DomainEvent {
  return { type: "step.reopened", details: { step: id, title, because, completedBy: completed!.by } };
}

function answers(happening: Happening, awaited: Awaited): boolean {
  return happening.type === awaited.on && (awaited.environment ?? happening.environment) === happening.environment;
}
