import type { Problem } from "../change/refusal.ts";
import { checkDuplicates, problem } from "./problem.ts";
import type { Process, TemplateEntry } from "./process.ts";
import { suggest } from "./suggestion.ts";
import { tablesIn } from "./table.ts";

/** Whether every entry of a process's template for files says one thing that exists, each at a place of its own. */
export function checkTemplate(process: Process): readonly Problem[] {
  const entries = process.template?.entries ?? [];
  const fields = process.form.fields.map(({ id }) => id);
  const requirements = tablesIn(process.approvals)
    .flatMap(({ rows }) => rows)
    .flatMap(({ then }) => then.requirements.map(({ id }) => id));
  return [
    ...checkDuplicates(
      "entries of the template at",
      entries.map((entry) => ({ ...entry, id: templatePlace(entry) })),
    ),
    ...checkDuplicates(
      "entries of the template for the field",
      entries.filter((entry) => entry.field !== undefined).map((entry) => ({ ...entry, id: entry.field! })),
    ),
    ...entries.flatMap((entry) => checkEntry(entry, fields, requirements)),
  ];
}

/** Where an entry stands, in words: "Risk Assessment / Rollback plan". */
export function templatePlace({ at }: Pick<TemplateEntry, "at">): string {
  return at.length === 0 ? "the heading" : at.join(" / ");
}

function checkEntry(
  entry: TemplateEntry,
  fields: readonly string[],
  requirements: readonly string[],
): readonly Problem[] {
  const { field, says, approval, place } = entry;
  const where = `The template's entry at ${templatePlace(entry)}`;
  if ([field, says, approval].filter((one) => one !== undefined).length !== 1) {
    const hint = "Give it one of field, says and approval.";
    return [problem("TEMPLATE_ENTRY", `${where} does not say one thing.`, hint, place)];
  }
  if (field !== undefined && !fields.includes(field))
    return [problem("FIELD_UNKNOWN", `${where} names the field "${field}".`, suggest(field, fields), place)];
  if (approval !== undefined && !requirements.includes(approval)) {
    const message = `${where} names the requirement "${approval}".`;
    return [problem("REQUIREMENT_UNKNOWN", message, suggest(approval, requirements), place)];
  }
  return [];
}
