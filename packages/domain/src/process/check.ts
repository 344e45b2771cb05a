import type { Problem } from "../change/refusal.ts";
import { checkForm } from "./check-form.ts";
import { checkTables } from "./check-tables.ts";
import { checkVoters } from "./check-voters.ts";
import { checkWorkflow } from "./check-workflow.ts";
import type { Process } from "./process.ts";

/**
 * Everything wrong with a process by itself, each with a code, a sentence, a hint and the place it was read from: gaps, contradictions and
 * rows that can never match; words that nothing declares; ids given twice; stages nobody reaches or leaves; ways into a deployment that
 * avoid approval or validation. An empty list means that the process may go into force.
 */
export function checkProcess(process: Process): readonly Problem[] {
  return [...checkForm(process), ...checkTables(process), ...checkVoters(process), ...checkWorkflow(process)];
}
