import type { Problem } from "../change/refusal.ts";
import { isNumberPattern } from "./number-pattern.ts";
import { checkCondition, checkDuplicates, problem } from "./problem.ts";
import type { FormField, Process } from "./process.ts";
import { suggest } from "./suggestion.ts";

const FACT_KINDS = ["choice", "boolean", "list", "users", "components"];

/** What is wrong with a process's form, types and number pattern. */
export function checkForm(process: Process): readonly Problem[] {
  const { form, types, dimensions, number, place } = process;
  const ids = form.fields.map((field) => field.id);
  const rules = form.rules.flatMap((rule) => [
    ...checkCondition(rule.when, dimensions, `Form rule ${rule.code}`, rule.place),
    ...checkCondition(rule.require, dimensions, `Form rule ${rule.code}`, rule.place),
    ...(rule.field === undefined || ids.includes(rule.field)
      ? []
      : [
          problem(
            "FIELD_UNKNOWN",
            `Form rule ${rule.code} names the field "${rule.field}".`,
            suggest(rule.field, ids),
            rule.place,
          ),
        ]),
  ]);
  return [
    ...checkDuplicates("fields", form.fields),
    ...checkDuplicates("types", types),
    ...checkDuplicates(
      "form rules",
      form.rules.map((rule) => ({ id: rule.code, place: rule.place })),
    ),
    ...(isNumberPattern(number)
      ? []
      : [
          problem(
            "NUMBER_PATTERN",
            `"${number}" is no number pattern.`,
            "Use {seq} once, as {seq} or {seq:4}, and {yyyy} if the year belongs to it.",
            place,
          ),
        ]),
    ...form.fields.flatMap((field) => checkField(field, process)),
    ...rules,
  ];
}

function checkField(field: FormField, { dimensions, form }: Process): readonly Problem[] {
  const where = `Field ${field.id}`;
  const problems: Problem[] = [
    ...checkCondition(typeof field.required === "object" ? field.required : {}, dimensions, where, field.place),
    ...checkCondition(field.when ?? {}, dimensions, where, field.place),
  ];
  for (const fact of [field.fact, field.factWhenFilled]) {
    if (fact !== undefined && dimensions[fact] === undefined) {
      const hint = suggest(fact, Object.keys(dimensions));
      problems.push(
        problem("DIMENSION_UNKNOWN", `${where} gives the fact "${fact}", which is no dimension.`, hint, field.place),
      );
    }
  }
  if (field.fact !== undefined && !FACT_KINDS.includes(field.kind)) {
    problems.push(
      problem(
        "FACT_KIND",
        `${where} of kind ${field.kind} cannot give a fact.`,
        `Kinds that can: ${FACT_KINDS.join(", ")}.`,
        field.place,
      ),
    );
  }
  const { notBefore } = field;
  const dates = form.fields.filter(({ kind }) => kind === "date").map(({ id }) => id);
  if (notBefore !== undefined && !(dates.includes(notBefore.field) && dates.includes(field.id))) {
    const message = `${where} is not before "${notBefore.field}", and not both are fields of a date.`;
    problems.push(problem("FIELD_UNKNOWN", message, suggest(notBefore.field, dates), field.place));
  }
  if (field.kind === "choice" && (field.values ?? []).length === 0) {
    problems.push(problem("CHOICE_EMPTY", `${where} is a choice without values.`, "List its values.", field.place));
  }
  if (field.pattern !== undefined && !compiles(field.pattern)) {
    problems.push(
      problem(
        "PATTERN_INVALID",
        `${where} has a pattern that is no regular expression: ${field.pattern}`,
        "Correct it.",
        field.place,
      ),
    );
  }
  return problems;
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern, "u") instanceof RegExp;
  } catch {
    return false;
  }
}
