import type { Problem } from "../../change/refusal.ts";
import type { FormField } from "../../process/process.ts";
import { suggest } from "../../process/suggestion.ts";

type Words = Omit<Problem, "place">;

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** Everything wrong with a filled-in field value by itself; `components` are the known component names, where they are known. */
export function checkFieldValue(field: FormField, value: unknown, components?: readonly string[]): readonly Words[] {
  switch (field.kind) {
    case "boolean":
      return typeof value === "boolean" ? [] : [wrongKind(field, "true or false")];
    case "number":
      return typeof value === "number" && Number.isFinite(value)
        ? checkRange(field, value, "")
        : [wrongKind(field, "a number")];
    case "text":
    case "long-text":
    case "choice":
    case "date":
      return typeof value === "string" ? checkText(field, value) : [wrongKind(field, "a text")];
    default:
      return Array.isArray(value) && value.every((member) => typeof member === "string")
        ? checkList(field, value, components)
        : [wrongKind(field, "a list of texts")];
  }
}

function checkText(field: FormField, value: string): readonly Words[] {
  if (field.kind === "choice") return checkChoice(field, value);
  if (field.kind === "date" && !isDate(value)) return [wrongKind(field, "a date YYYY-MM-DD")];
  return [...checkRange(field, value.trim().length, " characters"), ...checkPattern(field, value)];
}

function checkList(field: FormField, values: readonly string[], components?: readonly string[]): readonly Words[] {
  const known = field.kind === "components" ? components : undefined;
  const problems = [...checkRange(field, values.length, " entries")];
  for (const [index, value] of values.entries()) {
    if (values.indexOf(value) !== index) {
      problems.push({
        code: "FIELD_REPEATED",
        message: `${field.title} names "${value}" twice.`,
        hint: "Name it once.",
      });
    }
    if (known !== undefined && !known.includes(value)) {
      problems.push({
        code: "COMPONENT_UNKNOWN",
        message: `There is no component "${value}".`,
        hint: suggest(value, known),
      });
    }
    problems.push(...checkChoice(field, value), ...checkPattern(field, value));
  }
  return problems;
}

function checkChoice(field: FormField, value: string): readonly Words[] {
  if (field.values === undefined || field.values.includes(value)) return [];
  return [{ code: "FIELD_VALUE", message: `${field.title} cannot be "${value}".`, hint: suggest(value, field.values) }];
}

function checkPattern(field: FormField, value: string): readonly Words[] {
  if (field.pattern === undefined || new RegExp(field.pattern, "u").test(value)) return [];
  const message = `"${value}" is not how ${field.title} is written (${field.pattern}).`;
  return [{ code: "FIELD_PATTERN", message, hint: field.help }];
}

function checkRange(field: FormField, size: number, unit: string): Words[] {
  const { min, max, title } = field;
  if (min !== undefined && size < min) {
    return [{ code: "FIELD_RANGE", message: `${title} has ${size}${unit}, at least ${min} needed.`, hint: field.help }];
  }
  if (max !== undefined && size > max) {
    return [{ code: "FIELD_RANGE", message: `${title} has ${size}${unit}, at most ${max} allowed.`, hint: field.help }];
  }
  return [];
}

function wrongKind(field: FormField, wanted: string): Words {
  return { code: "FIELD_KIND", message: `${field.title} must be ${wanted}.`, hint: field.help };
}

/** Whether a value is a date of the calendar, YYYY-MM-DD. */
export function isDate(text: unknown): text is string {
  if (typeof text !== "string" || !DATE.test(text)) return false;
  // The calendar rolls 31 April over into May; a date that does not come back as written does not exist.
  return new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}
