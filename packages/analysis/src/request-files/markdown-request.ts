import type { FormField, Process, RequestTemplate, TemplateEntry } from "@change-mgmt/domain/process/process.ts";
import { stringify } from "yaml";
import { ARTIFACTS, FURTHER } from "./said.ts";
import type { Manner, RequestToWrite } from "./write-request.ts";

/** A change request as Markdown by its process's template; `mannerOf` says how each field is written. */
export function markdownRequest(
  process: Process,
  template: RequestTemplate,
  request: RequestToWrite,
  mannerOf: (field: string) => Manner,
): string {
  const writing = { process, request, mannerOf };
  const labels: string[] = [];
  const sections = new Map<string, string[]>();
  let title = template.title;
  for (const entry of template.entries) {
    const [first, second] = entry.at;
    const field = process.form.fields.find(({ id }) => id === entry.field);
    if (first === undefined) title = String(plain(entry, field, writing) || template.title);
    else if (second !== undefined)
      sections.set(first, [...(sections.get(first) ?? []), item(entry, second, field, writing)]);
    else if (field?.kind === "long-text") sections.set(first, [block(entry, field, writing)]);
    else labels.push(`**${first}**: ${plain(entry, field, writing)}`);
  }
  const further = process.form.fields.filter(
    ({ id }) =>
      request.fields[id] !== undefined &&
      (mannerOf(id) === "further" || !template.entries.some(({ field }) => field === id)),
  );
  if (further.length > 0) {
    const lines = further.map((field) => `- ${field.title}:${letter(request.fields[field.id], mannerOf(field.id))}`);
    sections.set(FURTHER.markdown, lines);
  }
  if (request.artifacts.length > 0)
    sections.set(ARTIFACTS.markdown, [fence(stringify(request.artifacts, { lineWidth: 0 }).trimEnd(), "yaml")]);
  const parts = [`## ${title}`, labels.map((line) => line.trimEnd()).join("\n")];
  for (const [name, lines] of sections) parts.push(`### ${name}`, lines.join("\n").trimEnd());
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

interface Writing {
  readonly process: Process;
  readonly request: RequestToWrite;
  readonly mannerOf: (field: string) => Manner;
}

/** What an entry says on one line. */
function plain(entry: TemplateEntry, field: FormField | undefined, { request, mannerOf }: Writing): string {
  if (field !== undefined) {
    const value = request.fields[field.id];
    if (value === undefined) return entry.guide ?? "";
    return mannerOf(field.id) === "plain" ? oneLine(value) : "";
  }
  const known = { number: request.number, requester: request.requester, created: request.createdAt?.slice(0, 10) };
  return (entry.says === undefined ? undefined : known[entry.says]) ?? entry.guide ?? "";
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return value.join(", ");
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
}

/** What a section says that is one field. */
function block(entry: TemplateEntry, field: FormField, { request, mannerOf }: Writing): string {
  const value = request.fields[field.id];
  if (value === undefined) return entry.guide ?? "";
  if (mannerOf(field.id) === "further") return "";
  return mannerOf(field.id) === "plain" ? String(value) : fence(String(value), "text");
}

/** One item of a section: a box where it is a yes or no, else a label with what it says. */
function item(entry: TemplateEntry, label: string, field: FormField | undefined, writing: Writing): string {
  const { request, mannerOf } = writing;
  if (field === undefined || field.kind === "boolean") {
    const ticked =
      field === undefined
        ? (request.approvals ?? []).includes(entry.approval ?? "")
        : request.fields[field.id] === true;
    return entry.says === undefined
      ? `- [${ticked ? "x" : " "}] ${label}`
      : `- ${label}: ${plain(entry, field, writing)}`;
  }
  const value = request.fields[field.id];
  if (value === undefined) return `- ${label}${entry.guide === undefined ? "" : `: ${entry.guide}`}`;
  const manner = mannerOf(field.id);
  if (manner === "further") return `- ${label}`;
  return `- ${label}:${manner === "plain" ? below(value) : letter(value, manner)}`;
}

/** A value after a label: on its line where it has one, else indented below. */
function below(value: unknown): string {
  const text = oneLine(value);
  return text.includes("\n") ? `\n\n${indented(text)}\n` : ` ${text}`;
}

/** A value to the letter, as a block below a label; one that is plainly written on its line. */
function letter(value: unknown, manner: Manner): string {
  if (manner === "plain") return below(value);
  const isText = typeof value === "string" && manner === "block";
  const text = isText ? fence(value, "text") : fence(JSON.stringify(value), "json");
  return `\n\n${indented(text)}\n`;
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}

/** A fenced block whose fence is longer than any in it. */
function fence(text: string, kind: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const marks = "`".repeat(longest + 1);
  return `${marks}${kind}\n${text}\n${marks}`;
}
