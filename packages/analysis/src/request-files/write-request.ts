import { isDeepStrictEqual } from "node:util";
import type { Artifact, FieldValues } from "@change-mgmt/domain/change/change.ts";
import { isFilled } from "@change-mgmt/domain/process/facts.ts";
import type { Process, RequestTemplate } from "@change-mgmt/domain/process/process.ts";
import { stringify } from "yaml";
import { markdownRequest } from "./markdown-request.ts";
import { readRequest } from "./request-file.ts";
import { yamlRequest } from "./yaml-request.ts";

/** What of a change goes into a file. Without a number it is the empty template, or a request that is not made yet. */
export interface RequestToWrite {
  readonly fields: FieldValues;
  readonly artifacts: readonly Artifact[];
  readonly number?: string;
  readonly requester?: string;
  /** RFC 3339. */
  readonly createdAt?: string;
  /** Requirements that are met. */
  readonly approvals?: readonly string[];
}

/** How a field's value is written: where the template has it, there but to the letter in a block, or below with the further fields. */
export type Manner = "plain" | "block" | "further";

/**
 * Writes a change request by its process's template. Reading the file gives the same fields and artifacts: what the template's own form
 * would change in reading is written in a block, or with the further fields.
 */
export function writeRequest(process: Process, template: RequestTemplate, request: RequestToWrite): string {
  const filled = Object.fromEntries(Object.entries(request.fields).filter(([, value]) => isFilled(value)));
  if (template.format === "yaml") return yamlRequest(process, template, { ...request, fields: filled });
  const manners: Record<string, Manner> = {};
  for (let round = 0; ; round++) {
    const text = markdownRequest(process, template, { ...request, fields: filled }, (id) => manners[id] ?? "plain");
    const wrong = changedByReading(text, process, template, filled);
    if (wrong.length === 0) return text;
    if (round > 2 * Object.keys(filled).length + 2) throw new Error(`fields that no file can say: ${wrong.join(", ")}`);
    for (const id of wrong) manners[id] = manners[id] === undefined ? "block" : "further";
  }
}

/** The same for a process without a template: its name, the fields by their ids, and the artifacts, as YAML. */
export function writeFields(
  process: string,
  { fields, artifacts }: Pick<RequestToWrite, "fields" | "artifacts">,
): string {
  return stringify({ process, fields, ...(artifacts.length === 0 ? {} : { artifacts }) }, { lineWidth: 0 });
}

function changedByReading(text: string, process: Process, template: RequestTemplate, fields: FieldValues): string[] {
  const components = Object.values(fields).flatMap((value) => (Array.isArray(value) ? (value as string[]) : []));
  const read = readRequest(text, "", process, template, { components });
  if (!read.ok) throw new Error(read.refusal.message);
  const ids = new Set([...Object.keys(fields), ...Object.keys(read.value.fields)]);
  const wrong = [...ids].filter((id) => !isSame(fields[id], read.value.fields[id]));
  if (wrong.length === 0 && read.value.problems.length > 0) throw new Error(read.value.problems[0]!.message);
  return wrong;
}

/** A box that is not ticked says no, which is what leaving it out says as well. */
function isSame(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(one, other) || ((one ?? false) === false && (other ?? false) === false);
}
