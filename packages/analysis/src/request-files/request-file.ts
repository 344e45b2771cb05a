import type { Artifact, FieldValues } from "@change-mgmt/domain/change/change.ts";
import { accept, type Outcome, type Problem } from "@change-mgmt/domain/change/refusal.ts";
import type { FormField, Process, RequestTemplate, TemplateEntry } from "@change-mgmt/domain/process/process.ts";
import { suggest } from "@change-mgmt/domain/process/suggestion.ts";
import { markdownSayings } from "./markdown-sayings.ts";
import { isSameName, type Said } from "./said.ts";
import { fieldValue, type KnownWords } from "./values.ts";
import { yamlSayings } from "./yaml-sayings.ts";

/** A change request as a file says it, ready to be created. */
export interface RequestFile {
  readonly fields: FieldValues;
  /** As the file has them; whoever creates the change judges them. */
  readonly artifacts: readonly Artifact[];
  /** What the file says that the product keeps by itself, in words: its number elsewhere, who asked for it and when, approvals ticked. */
  readonly remarks: readonly string[];
  /** What could not be understood, each with its line. Nothing of it is in `fields`. */
  readonly problems: readonly Problem[];
}

const REMARKS = { number: "Number", requester: "Requester", created: "Date" } as const;

/** Reads a change request by its process's template. Refused as CHANGE_FILE_INVALID where the text cannot be read at all. */
export function readRequest(
  text: string,
  name: string,
  process: Process,
  template: RequestTemplate,
  known: KnownWords,
): Outcome<RequestFile> {
  const sayings = (template.format === "yaml" ? yamlSayings : markdownSayings)(text, name, template);
  if (!sayings.ok) return sayings;
  const { said, further, artifacts } = sayings.value;
  const fields: Record<string, unknown> = {};
  const remarks: string[] = [];
  const problems: Problem[] = [...sayings.value.problems];
  const fill = (field: FormField, one: Said) => {
    const value = fieldValue(field, one.value, process, known);
    if (!value.ok) problems.push({ ...value.refusal, place: { ...one.place, pointer: `/fields/${field.id}` } });
    else if (value.value !== undefined) fields[field.id] = value.value;
  };
  for (const one of said) {
    const entry = template.entries.find(({ at }) => at.join("\n") === one.at.join("\n"))!;
    if (isGuide(entry, one.value)) continue;
    const field = process.form.fields.find(({ id }) => id === entry.field);
    if (field !== undefined) fill(field, one);
    else if (entry.says !== undefined) {
      if (String(one.value) !== "") remarks.push(`${REMARKS[entry.says]}: ${one.value}`);
    } else if (one.value === true) remarks.push(`Ticked: ${entry.at.at(-1)}; here it is given by vote.`);
  }
  for (const one of further) {
    const field = process.form.fields.find(({ id, title }) => id === one.field || isSameName(title, one.field));
    if (field !== undefined) fill(field, one);
    else {
      const hint = suggest(
        one.field,
        process.form.fields.map(({ title }) => title),
      );
      problems.push({
        code: "FIELD_UNKNOWN",
        message: `The form has no field "${one.field}".`,
        hint,
        place: one.place,
      });
    }
  }
  const list = Array.isArray(artifacts) ? (artifacts as Artifact[]) : [];
  if (artifacts !== undefined && !Array.isArray(artifacts))
    problems.push({
      code: "VALUE_INVALID",
      message: "The artifacts are no list.",
      hint: "Write them as an export does.",
      place: { file: name },
    });
  return accept({ fields, artifacts: list, remarks, problems });
}

/** Whether a file still says what the empty template says there. */
function isGuide({ guide }: TemplateEntry, value: unknown): boolean {
  return guide !== undefined && typeof value === "string" && value.trim() === guide;
}
