import type { Change, DomainEvent, Step } from "../change/change.ts";
import { contentHash } from "../change/contents.ts";
import { accept, type Outcome } from "../change/refusal.ts";
import type { Situation } from "../change/situation.ts";
import type { Status } from "../change/status.ts";
import { factsFor, gatherFacts } from "../process/facts.ts";
import type { Facts, Process, Trigger } from "../process/process.ts";
import { nextStage, stageOf } from "../process/transition.ts";
import { checkGate } from "./deployment/gates.ts";
import { refreshChecklist, templateOf } from "./implementation/checklist.ts";
import { migrations, rehearsalOf, validateChange } from "./implementation/validation.ts";

/** One move of a change from stage to stage. */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly fromStatus: Status;
  readonly toStatus: Status;
  readonly trigger: Trigger;
}

/** Something that completes automatic steps: its event type, and the environment it happened in where it has one. */
export interface Happening {
  readonly type: string;
  readonly environment?: string;
}

export interface Settled {
  readonly change: Change;
  readonly moves: readonly Move[];
  readonly events: readonly DomainEvent[];
}

interface Setting {
  readonly process: Process;
  readonly situation: Situation;
}

/** Happenings that have environments carry them in their details; this reads them back from events. */
export function happenings(events: readonly DomainEvent[]): Happening[] {
  return events.map(({ type, details }) =>
    typeof details.environment === "string" ? { type, environment: details.environment } : { type },
  );
}

/** Recomputes what follows from a change's contents: facts, content hash and checklist. Never loses a completed step. */
export function refresh(change: Change, { process, situation }: Setting): Change {
  const hash = contentHash(change);
  const rehearsed = situation.rehearsals.filter((fact) => fact.contentHash === hash);
  const facts = gatherFacts(process, {
    type: change.type,
    fields: change.fields,
    artifacts: change.artifacts,
    environments: change.environments,
    assessment: change.assessment,
    componentTeams: situation.componentTeams,
    measured: {
      deployed: situation.environments.some(({ state }) => state !== "not-deployed" && state !== "rolled-back"),
      breaking: rehearsed.some((fact) => fact.breaking),
    },
  });
  const { steps } = refreshChecklist(process, facts, change.steps);
  return { ...change, facts, steps, contentHash: hash };
}

/** Moves a change by an act, through the gates of the process; refused as `nextStage` refuses. */
export function moveBy(trigger: Trigger, change: Change, setting: Setting, environment?: string): Outcome<Settled> {
  const { process, situation } = setting;
  const facts: Facts = environment === undefined ? change.facts : factsFor(process, change.facts, environment);
  const asked = environment === undefined ? {} : { environment };
  const next = nextStage(process, facts, change.stage, trigger, (gate) =>
    checkGate(gate, { process, change, situation, ...asked }),
  );
  if (!next.ok) return next;
  const { to } = next.value;
  const move: Move = { from: change.stage, to: to.id, fromStatus: change.status, toStatus: to.status, trigger };
  const reopened = change.steps.filter(
    (step) => step.completed !== undefined && isReopened(step, process, move, environment),
  );
  return accept({
    change: {
      ...change,
      steps: change.steps.map((step) => (reopened.includes(step) ? open(step) : step)),
      stage: to.id,
      status: to.status,
    },
    moves: [move],
    events: [movedEvent(move), ...reopened.map((step) => reopenedEvent(step, `the change went back by ${trigger}`))],
  });
}

/** Going back to work or editing reopens what comes from there on; a rollback reopens what its deployment had completed. */
function isReopened(step: Step, process: Process, move: Move, environment: string | undefined): boolean {
  const order = process.stages.map((stage) => stage.id);
  const target = order.indexOf(move.to);
  if (move.trigger === "rework" || move.trigger === "edit") {
    return target < order.indexOf(move.from) && order.indexOf(step.stage) >= target;
  }
  if (move.trigger !== "rollback") return false;
  const on = templateOf(process, step.id)?.automatic;
  const after = new Set<Status>(["monitoring", "reviewing"]);
  return (
    (on?.on === "deployment.succeeded" && on.environment === environment) ||
    after.has(stageOf(process, step.stage).status)
  );
}

function open(step: Step): Step {
  const { completed: _, ...rest } = step;
  return rest;
}

function reopenedEvent(step: Step, because: string): DomainEvent {
  return { type: "step.reopened", details: { step: step.id, title: step.title, because } };
}

/**
 * Lets follow what follows: completes the automatic steps of what happened, keeps the steps that stand for a rehearsal or validation
 * true to the content as it is now, and moves on through every `ready` transition whose gates are open.
 */
export function settle(start: Change, setting: Setting, before: readonly Happening[]): Settled {
  let change = refresh(start, setting);
  const happened = [...before];
  const moves: Move[] = [];
  const events: DomainEvent[] = [];
  for (let round = 0; round <= setting.process.stages.length; round++) {
    const stepped = automaticSteps(change, setting, happened);
    events.push(...stepped.events);
    change = stepped.change;
    const moved = moveBy("ready", change, setting);
    if (!moved.ok) break;
    change = moved.value.change;
    moves.push(...moved.value.moves);
    events.push(...moved.value.events);
    happened.push(...happenings(moved.value.events));
  }
  return { change, moves, events };
}

function movedEvent({ from, to, fromStatus, toStatus, trigger }: Move): DomainEvent {
  return { type: `change.${toStatus}`, details: { from, to, fromStatus, trigger } };
}

function automaticSteps(
  change: Change,
  setting: Setting,
  happened: readonly Happening[],
): { change: Change; events: DomainEvent[] } {
  const events: DomainEvent[] = [];
  const steps = change.steps.map((step) => {
    const on = templateOf(setting.process, step.id)?.automatic;
    if (on === undefined || step.added) return step;
    const standing = holdsNow(on.on, change, setting);
    if (standing === false && step.completed !== undefined) {
      events.push({
        type: "step.reopened",
        details: { step: step.id, title: step.title, because: `${on.on} no longer holds for this content` },
      });
      const { completed: _, ...open } = step;
      return open;
    }
    const happens =
      standing ??
      happened.some((event) => event.type === on.on && (on.environment ?? event.environment) === event.environment);
    if (!happens || step.completed !== undefined) return step;
    events.push({
      type: "step.completed",
      details: { step: step.id, title: step.title, by: "engine", because: on.on },
    });
    const note = `${on.on}${on.environment === undefined ? "" : ` in ${on.environment}`}`;
    return {
      ...step,
      completed: { at: setting.situation.now, by: "engine", evidence: [{ kind: "note" as const, value: note }] },
    } satisfies Step;
  });
  return { change: { ...change, steps }, events };
}

/** For happenings that are conditions on the content: whether they hold now. Undefined for what simply happened once. */
function holdsNow(type: string, change: Change, { process, situation }: Setting): boolean | undefined {
  if (type === "validation.passed") return validateChange(process, change, situation).result === "passed";
  if (type !== "rehearsal.passed") return undefined;
  return migrations(change).every((migration) => rehearsalOf(change, migration.id, situation)?.outcome === "passed");
}
