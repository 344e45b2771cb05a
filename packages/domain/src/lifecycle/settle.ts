import type { Change, DomainEvent } from "../change/change.ts";
import { contentHash } from "../change/contents.ts";
import { accept, type Outcome } from "../change/refusal.ts";
import { FINAL_STATUSES } from "../change/status.ts";
import { factsFor, gatherFacts } from "../process/facts.ts";
import type { Trigger } from "../process/process.ts";
import { nextStage } from "../process/transition.ts";
import { type Happening, keepAutomaticSteps, reopen, reopenedEvent, SUBMITTED } from "./automatic-steps.ts";
import { checkGate } from "./deployment/gates.ts";
import { refreshChecklist } from "./implementation/checklist.ts";
import { measuredFacts } from "./implementation/rehearsal.ts";
import { type Move, reopenedBy } from "./reopening.ts";
import type { Setting } from "./setting.ts";

export type { Happening } from "./automatic-steps.ts";
export type { Move } from "./reopening.ts";

/** A change after what was asked and what followed from it, with the moves it made and the events that tell of them, in order. */
export interface Settled {
  readonly change: Change;
  readonly moves: readonly Move[];
  readonly events: readonly DomainEvent[];
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
  const facts = gatherFacts(process, {
    type: change.type,
    fields: change.fields,
    artifacts: change.artifacts,
    environments: change.environments,
    assessment: change.assessment,
    componentTeams: situation.componentTeams,
    measured: measuredFacts(hash, situation),
  });
  const { steps } = refreshChecklist(process, facts, change.steps);
  return { ...change, facts, steps, contentHash: hash };
}

/**
 * Moves a change, as it is now, by an act through the gates of the process; refused as `nextStage` refuses. A deployment or rollback says the
 * environment it is for. An act that leaves the change in its stage is no move and tells no event of one.
 */
export function moveBy(trigger: Trigger, change: Change, setting: Setting, environment?: string): Outcome<Settled> {
  return take(trigger, refresh(change, setting), setting, environment);
}

/**
 * Lets follow what follows: completes the automatic steps of what happened, keeps the steps that stand for a rehearsal or validation
 * true to the content as it is now, and moves on through every `ready` transition whose gates are open, into no stage twice.
 * Nothing follows for a change that is over.
 */
export function settle(start: Change, setting: Setting, before: readonly Happening[]): Settled {
  if (FINAL_STATUSES.has(start.status)) return { change: start, moves: [], events: [] };
  let change = refresh(start, setting);
  const happened = [...before];
  const moves: Move[] = [];
  const events: DomainEvent[] = [];
  const visited = new Set<string>();
  for (;;) {
    visited.add(change.stage);
    const kept = keepAutomaticSteps(change, setting, happened);
    change = kept.change;
    events.push(...kept.events);
    const moved = take("ready", change, setting);
    if (!moved.ok || visited.has(moved.value.change.stage)) return { change, moves, events };
    change = moved.value.change;
    moves.push(...moved.value.moves);
    events.push(...moved.value.events);
    happened.push(...happenings(moved.value.events));
  }
}

function take(trigger: Trigger, change: Change, setting: Setting, environment?: string): Outcome<Settled> {
  const { process } = setting;
  const facts = environment === undefined ? change.facts : factsFor(process, change.facts, environment);
  const asked = environment === undefined ? {} : { environment };
  const next = nextStage(process, facts, change.stage, trigger, (gate) =>
    checkGate(gate, { ...setting, change, ...asked }),
  );
  if (!next.ok) return next;
  const { to } = next.value;
  const move: Move = { from: change.stage, to: to.id, fromStatus: change.status, toStatus: to.status, trigger };
  const reopened = reopenedBy(move, change, setting, environment);
  const moves = move.from === move.to ? [] : [move];
  return accept({
    change: {
      ...change,
      steps: change.steps.map((step) => (reopened.includes(step) ? reopen(step) : step)),
      stage: to.id,
      status: to.status,
    },
    moves,
    events: [
      ...moves.flatMap(movedEvents),
      ...reopened.map((step) => reopenedEvent(step, `the change was taken back by ${trigger}`)),
    ],
  });
}

/** A change that is submitted is told to be so, whatever status the stage has to which that leads. */
function movedEvents({ from, to, fromStatus, toStatus, trigger }: Move): readonly DomainEvent[] {
  const details = { from, to, fromStatus, trigger };
  const isSubmitted = trigger === "submit" && toStatus !== "submitted";
  return [...(isSubmitted ? [SUBMITTED] : []), `change.${toStatus}`].map((type) => ({ type, details }));
}
