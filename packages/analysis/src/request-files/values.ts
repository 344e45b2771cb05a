import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { FormField, Process } from "@change-mgmt/domain/process/process.ts";
import { nearest, suggest } from "@change-mgmt/domain/process/suggestion.ts";
import { isSameName } from "./said.ts";

/** Words of the workspace that a file may name in its own way. */
export interface KnownWords {
  readonly components: readonly string[];
}

const YES = ["true", "yes", "x", "on"];
const NO = ["false", "no", "", "off"];

/**
 * A field's value from what a file says: choices by value or title, components by name however the words are joined, lists from commas,
 * lines or bullets. Undefined where nothing is filled in. Refused as VALUE_INVALID, VALUE_UNKNOWN or COMPONENT_UNKNOWN.
 */
export function fieldValue(
  field: FormField,
  value: unknown,
  process: Process,
  known: KnownWords,
): Outcome<unknown | undefined> {
  if (
    value === null ||
    value === undefined ||
    (typeof value === "string" && value.trim() === "" && field.kind !== "boolean")
  )
    return accept(undefined);
  switch (field.kind) {
    case "boolean":
      return booleanOf(field, value);
    case "number":
      return numberOf(field, value);
    case "choice":
      return choiceOf(field, value, process);
    case "list":
    case "users":
    case "components":
      return listOf(field, value, known);
    default:
      if (typeof value === "string") return accept(value);
      return invalid(field, "is no text", "Write it in quotes.");
  }
}

function booleanOf(field: FormField, value: unknown): Outcome<boolean> {
  if (typeof value === "boolean") return accept(value);
  const word = typeof value === "string" ? value.trim().toLowerCase() : undefined;
  if (word !== undefined && YES.includes(word)) return accept(true);
  if (word !== undefined && NO.includes(word)) return accept(false);
  return invalid(field, "is neither yes nor no", "Write true or false, or tick the box.");
}

function numberOf(field: FormField, value: unknown): Outcome<number> {
  const number = typeof value === "string" ? Number(value.trim()) : value;
  if (typeof number === "number" && Number.isFinite(number)) return accept(number);
  return invalid(field, "is no number", "Write digits, with a point for decimals.");
}

function choiceOf(field: FormField, value: unknown, process: Process): Outcome<string> {
  const values = field.values ?? [];
  const titles: readonly { readonly id: string; readonly title: string }[] = field.id === "type" ? process.types : [];
  const word = String(value).trim();
  const found = values.find((one) => isSameName(one, word)) ?? titles.find(({ title }) => isSameName(title, word))?.id;
  if (found !== undefined) return accept(found);
  return refuse("VALUE_UNKNOWN", `${field.title}: "${word}" is none of its values.`, suggest(word, values));
}

function listOf(field: FormField, value: unknown, { components }: KnownWords): Outcome<readonly string[]> {
  const members = Array.isArray(value) ? value : typeof value === "string" ? parts(value) : undefined;
  if (members === undefined || members.some((one) => typeof one !== "string"))
    return invalid(field, "is no list of texts", "Write its members one below the other, or with commas between.");
  const texts = (members as string[])
    .map((one) => (Array.isArray(value) ? one : one.trim()))
    .filter((one) => one !== "");
  if (field.kind === "users") return accept(texts.map((one) => one.replace(/^@/, "")));
  if (field.kind === "list") return accept(texts);
  const names = texts.map((one) => components.find((name) => isSameName(name, one)));
  const at = names.indexOf(undefined);
  if (at < 0) return accept(names as string[]);
  const close = nearest(texts[at]!, components);
  return refuse(
    "COMPONENT_UNKNOWN",
    `${field.title}: there is no component "${texts[at]}".`,
    close === undefined ? `Components here: ${components.join(", ")}.` : `Did you mean "${close}"?`,
  );
}

/** The bullets or lines of a text where it has several, else what stands between commas or semicolons. */
function parts(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  if (lines.length > 1 || /^\s*[-*+]\s/.test(text)) return lines.map((line) => line.replace(/^\s*[-*+]\s+/, ""));
  return text.split(/[,;]/);
}

function invalid(field: FormField, what: string, hint: string): Outcome<never> {
  return refuse("VALUE_INVALID", `${field.title} ${what}.`, hint);
}
