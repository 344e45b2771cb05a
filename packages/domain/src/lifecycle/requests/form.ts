import type { FieldValues } from "../../change/change.ts";
import { accept, type Outcome, type Problem, refuse } from "../../change/refusal.ts";
import { matches } from "../../process/conditions.ts";
import { type FactInputs, gatherFacts, isFilled } from "../../process/facts.ts";
import type { Facts, FormField, Process } from "../../process/process.ts";
import { standingProblems } from "../../process/standing.ts";
import { suggest } from "../../process/suggestion.ts";
import { monthsAfter } from "../../process/times.ts";
import { checkFieldValue, isDate } from "./field-value.ts";

/** What beside the form is known when it is checked; `type` falls back to the field of that name. */
export type FormInputs = Partial<Omit<FactInputs, "fields">> & {
  /** YYYY-MM-DD; where it is not known, nothing has expired. */
  readonly today?: string;
};

/**
 * Checks a filled-in form and returns its values with defaults filled in and blanks dropped.
 * Refused as FORM_INVALID with every problem at once, each at `/fields/<id>`: FIELD_REQUIRED, FIELD_UNKNOWN, FIELD_NOT_APPLICABLE,
 * FIELD_KIND, FIELD_VALUE, FIELD_RANGE, FIELD_TOO_EARLY, FIELD_PATTERN, FIELD_REPEATED, COMPONENT_UNKNOWN, STANDING_EXPIRED, STANDING_CONDITIONS and the codes of the process's own form rules.
 */
export function validateForm(process: Process, values: FieldValues, inputs: FormInputs): Outcome<FieldValues> {
  const facts = gatherFacts(process, {
    ...inputs,
    type: typeOf(values, inputs),
    artifacts: inputs.artifacts ?? [],
    fields: values,
  });
  const known = inputs.componentTeams === undefined ? undefined : Object.keys(inputs.componentTeams);
  const problems: Problem[] = unknownFields(process, values);
  const accepted: Record<string, unknown> = {};
  for (const field of process.form.fields) {
    const filled = isFilled(values[field.id]);
    const value = filled ? values[field.id] : field.default;
    for (const problem of checkField(field, value, filled, facts, known)) {
      problems.push({ ...problem, place: { pointer: `/fields/${field.id}` } });
    }
    if (isFilled(value) && matches(field.when ?? {}, facts)) accepted[field.id] = value;
  }
  problems.push(
    ...tooEarly(process, accepted),
    ...brokenRules(process, facts),
    ...standingProblems(process, values, facts, inputs.today),
  );
  if (problems.length === 0) return accept(accepted);
  const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
  return refuse(
    "FORM_INVALID",
    `The form has ${count}: ${problems.map((problem) => problem.message).join(" ")}`,
    "Correct the fields named.",
    {
      problems,
    },
  );
}

/** Whether a field must be filled in under these facts. */
export function isRequired(field: FormField, facts: Facts): boolean {
  if (!matches(field.when ?? {}, facts)) return false;
  return typeof field.required === "object" ? matches(field.required, facts) : field.required === true;
}

function checkField(
  field: FormField,
  value: unknown,
  filled: boolean,
  facts: Facts,
  components: readonly string[] | undefined,
): readonly Problem[] {
  if (!matches(field.when ?? {}, facts)) {
    // A flag left at false says nothing, so that a form which sends every field is not refused for it.
    if (!filled || value === false) return [];
    return [
      { code: "FIELD_NOT_APPLICABLE", message: `${field.title} is not asked for this change.`, hint: "Leave it out." },
    ];
  }
  if (isFilled(value)) return checkFieldValue(field, value, components);
  if (!isRequired(field, facts)) return [];
  return [{ code: "FIELD_REQUIRED", message: `${field.title} is required.`, hint: field.help }];
}

function unknownFields(process: Process, values: FieldValues): Problem[] {
  const ids = process.form.fields.map((field) => field.id);
  return Object.keys(values)
    .filter((id) => !ids.includes(id))
    .map((id) => ({
      code: "FIELD_UNKNOWN",
      message: `The form of process ${process.name} has no field "${id}".`,
      hint: suggest(id, ids),
      place: { pointer: `/fields/${id}` },
    }));
}

function tooEarly(process: Process, values: FieldValues): Problem[] {
  return process.form.fields.flatMap(({ id, title, help, notBefore }) => {
    if (notBefore === undefined) return [];
    const [date, from] = [values[id], values[notBefore.field]];
    if (!isDate(date) || !isDate(from)) return [];
    const earliest = monthsAfter(from, notBefore.months);
    if (date >= earliest) return [];
    const message = `${title} is ${date}, and not before ${earliest}: ${notBefore.months} months after ${from}.`;
    return [{ code: "FIELD_TOO_EARLY", message, hint: help, place: { pointer: `/fields/${id}` } }];
  });
}

function brokenRules(process: Process, facts: Facts): Problem[] {
  return process.form.rules
    .filter((rule) => matches(rule.when, facts) && !matches(rule.require, facts))
    .map(({ code, message, hint, field }) => ({
      code,
      message,
      hint,
      ...(field === undefined ? {} : { place: { pointer: `/fields/${field}` } }),
    }));
}

function typeOf(values: FieldValues, inputs: FormInputs): string {
  return inputs.type ?? (typeof values.type === "string" ? values.type : "");
}
