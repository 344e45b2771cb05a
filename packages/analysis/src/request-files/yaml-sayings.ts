import { accept, type Outcome, type Problem } from "@change-mgmt/domain/change/refusal.ts";
import type { RequestTemplate } from "@change-mgmt/domain/process/process.ts";
import { suggest } from "@change-mgmt/domain/process/suggestion.ts";
import { readYaml } from "../configuration/yaml-file.ts";
import { ARTIFACTS, FURTHER, type Said, type Sayings } from "./said.ts";

/** What a YAML file says at the template's keys. Refused as CHANGE_FILE_INVALID where it is no YAML; unknown keys are problems of their own. */
export function yamlSayings(text: string, name: string, template: RequestTemplate): Outcome<Sayings> {
  const file = readYaml(text, name, "CHANGE_FILE_INVALID");
  if (!file.ok) return file;
  const { value: whole, placeOf, placeOfKey } = file.value;
  const said: Said[] = [];
  const further: (Said & { field: string })[] = [];
  const problems: Problem[] = [];
  let artifacts: unknown;
  const root = template.entries.map(({ at }) => at[0]).find((key) => key !== undefined);
  const isRoot = (at: readonly string[]) => at.length === 0 || (at.length === 1 && at[0] === root);
  const read = (value: unknown, at: readonly string[]): void => {
    if (template.entries.some((entry) => isAt(entry.at, at))) {
      if (isMap(value)) {
        problems.push(wrong(at, "has keys of its own", "Write its value on the same line.", placeOf(at)));
      } else if (value !== null) said.push({ at, value, place: placeOf(at) });
      return;
    }
    if (!isMap(value)) {
      if (value !== null) problems.push(wrong(at, "is no list of keys", "Write its keys below it.", placeOf(at)));
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      const path = [...at, key];
      if (isRoot(at) && at.length + 1 === path.length && key === FURTHER.yaml && isMap(inner)) {
        for (const [field, one] of Object.entries(inner))
          if (one !== null) further.push({ at: path, field, value: one, place: placeOfKey(path, field) });
      } else if (isRoot(at) && key === ARTIFACTS.yaml) artifacts = inner;
      else if (isKnown(template, path)) read(inner, path);
      else {
        const known = [
          ...new Set(template.entries.filter(({ at: of }) => startsWith(of, at)).map(({ at: of }) => of[at.length]!)),
        ];
        problems.push({
          code: "KEY_UNKNOWN",
          message: `The template has no "${key}"${at.length === 0 ? "" : ` below ${at.join(".")}`}.`,
          hint: suggest(key, known),
          place: placeOfKey(at, key),
        });
      }
    }
  };
  read(whole, []);
  return accept({ said, further, artifacts, problems });
}

function isKnown({ entries }: RequestTemplate, path: readonly string[]): boolean {
  return entries.some(({ at }) => startsWith(at, path));
}

function startsWith(at: readonly string[], path: readonly string[]): boolean {
  return path.length <= at.length && path.every((key, index) => at[index] === key);
}

function isAt(at: readonly string[], path: readonly string[]): boolean {
  return at.length === path.length && startsWith(at, path);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(at: readonly string[], what: string, hint: string, place: Said["place"]): Problem {
  return { code: "VALUE_INVALID", message: `${at.join(".") || "The file"} ${what}.`, hint, place };
}
