import type { FieldValues } from "../../change/change.ts";
import { accept, type Outcome } from "../../change/refusal.ts";
import { isFilled } from "../../process/facts.ts";
import type { Process } from "../../process/process.ts";
import { type FormInputs, validateForm } from "./form.ts";

/** Without these nobody could find a draft again, or know what to ask for. */
const ALWAYS_NEEDED = new Set(["/fields/title", "/fields/type"]);

/**
 * Checks a form that is still being filled in: what is there must be right, what is missing may come later, but for title and type.
 * What fields ask of each other is checked when it is submitted. Refused as FORM_INVALID with the problems that cannot wait.
 */
export function checkDraft(process: Process, values: FieldValues, inputs: FormInputs): Outcome<FieldValues> {
  const form = validateForm(process, values, inputs);
  if (form.ok) return form;
  const rules = new Set([...process.form.rules.map((rule) => rule.code), "STANDING_CONDITIONS"]);
  const problems = form.refusal.problems!.filter(
    ({ code, place }) => !rules.has(code) && (code !== "FIELD_REQUIRED" || ALWAYS_NEEDED.has(String(place?.pointer))),
  );
  if (problems.length === 0) return accept(withDefaults(process, values));
  const message = `The form has ${problems.length === 1 ? "one problem" : `${problems.length} problems`}: ${problems.map((problem) => problem.message).join(" ")}`;
  return { ok: false, refusal: { ...form.refusal, message, problems } };
}

function withDefaults(process: Process, values: FieldValues): FieldValues {
  const entries = process.form.fields.map(
    ({ id, default: usual }) => [id, isFilled(values[id]) ? values[id] : usual] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => isFilled(value)));
}
