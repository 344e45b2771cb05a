import type { FieldValues } from "../../change/change.ts";
import { accept, type Outcome, refuse } from "../../change/refusal.ts";
import { matches } from "../../process/conditions.ts";
import type { Facts, Process } from "../../process/process.ts";
import { evaluateAll } from "../../process/table.ts";
import { type Freeze, isFrozen, isOpen, nextOpening, type Recurrence, recurrenceText } from "../../process/times.ts";

/**
 * Whether a deployment may start at this moment (RFC 3339 UTC), under facts that name its environment: one open window is enough, and only a
 * freeze takes away. Refusals: FROZEN, OUTSIDE_WINDOW (says when the next one opens), NO_WINDOW where nothing ever opens.
 */
export function checkWindow(process: Process, facts: Facts, fields: FieldValues, now: string): Outcome<true> {
  const { windows, freezes = [] } = process;
  const frozen = freezes.find((freeze) => matches(freeze.when ?? {}, facts) && isFrozen(freeze, now, fields));
  if (frozen !== undefined) {
    return refuse(
      "FROZEN",
      `No deployment starts during "${frozen.title}" (${daysText(frozen, fields)}, ${frozen.zone}).`,
      "Deploy when it is over.",
      { details: { freeze: frozen.id } },
    );
  }
  if (windows === undefined) return accept(true);
  const { answers, explanation } = evaluateAll(windows, facts);
  const open: readonly Recurrence[] = answers.flatMap((answer) => answer.windows ?? []);
  const isAlways = answers.some((answer) => answer.always === true);
  if (!explanation.met || (!isAlways && open.length === 0)) {
    return refuse(
      "NO_WINDOW",
      `The process opens no window for ${String(facts.environment)}${explanation.met ? "" : `: ${explanation.reason}`}.`,
      "Ask the owner of the process for one.",
    );
  }
  if (isAlways || open.some((window) => isOpen(window, now))) return accept(true);
  const next = open
    .map((window) => nextOpening(window, now))
    .sort()
    .at(0)!;
  return refuse(
    "OUTSIDE_WINDOW",
    `No window is open for ${String(facts.environment)} now: ${open.map(recurrenceText).join("; ")}.`,
    `The next one opens at ${next}.`,
    { details: { next } },
  );
}

function daysText({ from, to, until }: Freeze, fields: FieldValues): string {
  if (until === undefined) return `${from} to ${to}`;
  return `until ${typeof fields[until] === "string" ? fields[until] : `the date of ${until}, which is not given`}`;
}
