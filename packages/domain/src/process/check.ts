import type { Problem } from "../change/refusal.ts";
import { checkActs } from "./check-acts.ts";
import { checkCalendar } from "./check-calendar.ts";
import { checkForm } from "./check-form.ts";
import { checkGates } from "./check-gates.ts";
import { checkHeld } from "./check-held.ts";
import { checkIdleRows } from "./check-idle-rows.ts";
import { checkStanding } from "./check-standing.ts";
import { checkTables } from "./check-tables.ts";
import { checkTemplate } from "./check-template.ts";
import { checkVoters } from "./check-voters.ts";
import { checkWays, checkWorkflow } from "./check-workflow.ts";
import type { Process } from "./process.ts";

/**
 * Everything wrong with a process by itself, each with a code, a sentence, a hint and the place it was read from: gaps, contradictions and
 * rows that can never match; words that nothing declares; ids given twice; stages nobody reaches or leaves; ways into a deployment that
 * avoid approval or validation; then acts that a stage is silent about, gates that nothing stands in for, and rows whose loss nobody would
 * notice. An empty list means that the process may go into force.
 */
export function checkProcess(process: Process): readonly Problem[] {
  const written = checkWritten(process);
  // Where words mean nothing, what is missing cannot be said.
  return written.length > 0 ? written : checkWhole(process);
}

/** What is wrong with what a process says. */
export function checkWritten(process: Process): readonly Problem[] {
  return [
    ...checkForm(process),
    ...checkStanding(process),
    ...checkTemplate(process),
    ...checkTables(process),
    ...checkVoters(process),
    ...checkHeld(process),
    ...checkCalendar(process),
    ...checkWorkflow(process),
  ];
}

/** What a process does not say and has to: so that nothing can be taken from it unnoticed. */
export function checkWhole(process: Process): readonly Problem[] {
  return [...checkWays(process), ...checkIdleRows(process), ...checkActs(process), ...checkGates(process)];
}
