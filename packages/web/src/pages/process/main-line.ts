import type { Process, Stage, Transition, Trigger } from "@change-mgmt/domain/process/process.ts";

/** What moves a change on when all goes well. */
const FORWARD: readonly Trigger[] = ["submit", "ready", "deploy", "deployed", "close"];

export interface LineStage {
  readonly stage: Stage;
  /** The transitions to the stage drawn below; none for the last. */
  readonly onward: readonly Transition[];
  /** All others but those that stay where they are. */
  readonly aside: readonly Transition[];
}

/** The stages a change passes when all goes well, in order, and those beside that way. */
export function mainLine(process: Process): {
  readonly line: readonly LineStage[];
  readonly beside: readonly LineStage[];
} {
  const byId = new Map(process.stages.map((stage) => [stage.id, stage]));
  const line: LineStage[] = [];
  const seen = new Set<string>();
  let stage = byId.get(process.initialStage);
  while (stage !== undefined) {
    seen.add(stage.id);
    const next = FORWARD.flatMap((trigger) => stage!.transitions.filter(({ on }) => on === trigger)).find(
      ({ to }) => !seen.has(to),
    );
    const onward = stage.transitions.filter(({ on, to }) => on === next?.on && to === next.to);
    line.push({ stage, onward, aside: leaving(stage, onward) });
    stage = next && byId.get(next.to);
  }
  const beside = process.stages.filter(({ id }) => !seen.has(id));
  return { line, beside: beside.map((one) => ({ stage: one, onward: [], aside: leaving(one, []) })) };
}

function leaving(stage: Stage, except: readonly Transition[]): readonly Transition[] {
  return stage.transitions.filter((transition) => !except.includes(transition) && transition.to !== stage.id);
}
