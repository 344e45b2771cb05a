import { accept, type Outcome, type Refusal, refuse } from "../change/refusal.ts";
import { conditionText, matches, mismatch, mismatchText } from "./conditions.ts";
import type { Explanation, Facts, Gate, Process, Stage, Transition, Trigger } from "./process.ts";

/** What each gate says at this moment; only the gates that a transition asks are looked at. */
export type GateResults = Partial<Readonly<Record<Gate, Outcome<true>>>> | ((gate: Gate) => Outcome<true>);

/** The stage of this id; throws when the process has none, because a stored change can only be in a stage of its pinned process. */
export function stageOf(process: Process, stageId: string): Stage {
  const stage = process.stages.find((candidate) => candidate.id === stageId);
  if (stage === undefined) throw new Error(`process ${process.name} has no stage ${stageId}`);
  return stage;
}

/** The acts and engine triggers that can move a change from a stage, as far as the facts allow. */
export function possibleTriggers(process: Process, facts: Facts, stageId: string): readonly Trigger[] {
  const open = stageOf(process, stageId).transitions.filter(({ when }) => mismatch(when ?? {}, facts) === undefined);
  return [...new Set(open.map((transition) => transition.on))];
}

/**
 * Where a trigger leads from a stage: the first transition, in the order written, whose condition holds and whose gates all pass.
 * Refusals: NO_TRANSITION when none applies (says which acts are possible), else the refusal of the first gate that failed.
 */
export function nextStage(
  process: Process,
  facts: Facts,
  stageId: string,
  trigger: Trigger,
  gateResults: GateResults,
): Outcome<{ readonly to: Stage; readonly explanation: Explanation }> {
  const stage = stageOf(process, stageId);
  const tried: Explanation[] = [];
  let failed: Refusal | undefined;
  for (const transition of stage.transitions.filter((candidate) => candidate.on === trigger)) {
    const { explanation, refusal, applies } = attempt(transition, facts, gateResults);
    tried.push(explanation);
    if (explanation.met) {
      const to = stageOf(process, transition.to);
      const reason = `${trigger} leads from ${stage.title} to ${to.title}`;
      return accept({ to, explanation: { id: trigger, title: stage.title, met: true, reason, children: tried } });
    }
    if (applies) failed ??= refusal;
  }
  if (failed !== undefined) return { ok: false, refusal: failed };
  const possible = possibleTriggers(process, facts, stageId).filter((candidate) => candidate !== "ready");
  const refused = (stage.refusals ?? []).find(({ on, when }) => on === trigger && matches(when ?? {}, facts));
  return refuse(
    "NO_TRANSITION",
    `"${trigger}" is not possible in stage "${stage.title}"${refused === undefined ? "." : `: ${refused.because}`}`,
    possible.length === 0
      ? "Nothing moves a change from here any more."
      : `Possible from here: ${possible.join(", ")}.`,
    { details: { stage: stage.id, status: stage.status, trigger, possible, tried } },
  );
}

function attempt(transition: Transition, facts: Facts, gateResults: GateResults) {
  const when = transition.when ?? {};
  const base = { id: transition.to, title: `to ${transition.to} when ${conditionText(when)}` };
  const failed = mismatch(when, facts);
  if (failed !== undefined) {
    const explanation: Explanation = { ...base, met: false, reason: mismatchText(failed), children: [] };
    return { explanation, refusal: undefined, applies: false };
  }
  const children: Explanation[] = [];
  let refusal: Refusal | undefined;
  for (const gate of transition.gates) {
    const result = ask(gate, gateResults);
    const reason = result.ok ? "passed" : result.refusal.message;
    children.push({ id: gate, title: gate, met: result.ok, reason, children: [] });
    if (!result.ok) refusal ??= result.refusal;
  }
  const reason = refusal?.message ?? "every gate passed";
  return { explanation: { ...base, met: refusal === undefined, reason, children }, refusal, applies: true };
}

function ask(gate: Gate, results: GateResults): Outcome<true> {
  const result = typeof results === "function" ? results(gate) : results[gate];
  return (
    result ?? refuse("GATE_NOT_JUDGED", `Nobody judged the gate "${gate}".`, "What was not looked at does not pass.")
  );
}
