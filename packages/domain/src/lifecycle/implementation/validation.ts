import type { Change, FieldValues } from "../../change/change.ts";
import type { Outcome } from "../../change/refusal.ts";
import type { Situation } from "../../change/situation.ts";
import type { Process } from "../../process/process.ts";
import { validateForm } from "../requests/form.ts";
import type { ValidationCheck } from "./check.ts";
import { measuredFacts, rehearsalChecks } from "./rehearsal.ts";
import { reportChecks } from "./reports.ts";

export type { CheckResult, ValidationCheck } from "./check.ts";
export { migrations, rehearsalOf } from "./rehearsal.ts";

export interface ValidationResult {
  /** `failed` when any check failed, else `inconclusive` when any could not be established, else `passed`. */
  readonly result: "passed" | "failed" | "inconclusive";
  readonly checks: readonly ValidationCheck[];
}

/** Validates the content of a change as it is now: form, each migration's rehearsal up and down, and reports handed in for this content. */
export function validateChange(process: Process, change: Change, situation: Situation): ValidationResult {
  const checks = [
    formCheck(process, change, situation),
    implementationCheck(change),
    ...rehearsalChecks(process, change, situation),
    ...reportChecks(change, situation),
  ];
  const has = (result: ValidationCheck["result"]) => checks.some((check) => check.result === result);
  return { result: has("failed") ? "failed" : has("inconclusive") ? "inconclusive" : "passed", checks };
}

/** Checks the form of a change by everything known about it, measurements included. Refused as FORM_INVALID, each problem at its field. */
export function checkForm(process: Process, change: Change, situation: Situation): Outcome<FieldValues> {
  return validateForm(process, change.fields, {
    type: change.type,
    artifacts: change.artifacts,
    environments: change.environments,
    assessment: change.assessment,
    componentTeams: situation.componentTeams,
    measured: measuredFacts(change.contentHash, situation),
  });
}

function formCheck(process: Process, change: Change, situation: Situation): ValidationCheck {
  const form = checkForm(process, change, situation);
  const base = { id: "form", title: "The form is complete and consistent" };
  if (form.ok) return { ...base, result: "passed", message: "Every field the type asks for is there." };
  return { ...base, result: "failed", message: form.refusal.message, hint: form.refusal.hint };
}

function implementationCheck({ artifacts }: Change): ValidationCheck {
  const base = { id: "implementation", title: "The change carries what is to be deployed" };
  if (artifacts.length > 0) {
    const names = artifacts.map((artifact) => artifact.name).join(", ");
    return { ...base, result: "passed", message: `It carries ${names}.` };
  }
  return {
    ...base,
    result: "failed",
    message: "The change carries no artifact, so there is nothing to deploy.",
    hint: "Add a migration, an external command or manual steps.",
  };
}
