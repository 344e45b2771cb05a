import { accept, type Outcome, type Place, type Problem } from "@change-mgmt/domain/change/refusal.ts";
import type { RequestTemplate, TemplateEntry } from "@change-mgmt/domain/process/process.ts";
import { suggest } from "@change-mgmt/domain/process/suggestion.ts";
import { readYaml } from "../configuration/yaml-file.ts";
import { fencedIn, filledFrom, itemsIn, Outline, type Part, textOf } from "./markdown-outline.ts";
import { ARTIFACTS, FURTHER, isSameName, type Said, type Sayings } from "./said.ts";

const LABEL = /^\*\*(?<label>[^*]+?):?\*\*[ \t]*:?[ \t]*(?<value>.*)$/;
const CHECKBOX = /^\[(?<mark>[ xX])\][ \t]+/;

/** What a Markdown file says under the template's headings and labels. What has no place there is a problem: nothing is left out in silence. */
export function markdownSayings(text: string, name: string, template: RequestTemplate): Outcome<Sayings> {
  return accept(new Reading(name, template).read(new Outline(text, name)));
}

class Reading {
  readonly #name: string;
  readonly #template: RequestTemplate;
  readonly #said: Said[] = [];
  readonly #further: (Said & { field: string })[] = [];
  readonly #problems: Problem[] = [];
  #artifacts: unknown;

  constructor(name: string, template: RequestTemplate) {
    this.#name = name;
    this.#template = template;
  }

  read({ before, sections }: Outline): Sayings {
    const [whole, ...others] = sections;
    if (whole === undefined) {
      const message = "There is no heading.";
      const hint = `Begin with "## " and the title of the change.`;
      this.#problems.push({ code: "HEADING_MISSING", message, hint, place: { file: this.#name, line: 1, column: 1 } });
    } else {
      const early = filledFrom(before);
      if (early !== undefined) this.#unplaced(early.place, "before the first heading");
      if (whole.heading !== "" && !isSameName(whole.heading, this.#template.title))
        this.#said.push({ at: [], value: whole.heading, place: whole.place });
      this.#labels(whole.body);
      for (const { heading, place, body } of others) this.#section(heading, place, body);
    }
    return { said: this.#said, further: this.#further, artifacts: this.#artifacts, problems: this.#problems };
  }

  /** Lines such as `**Type**: normal` below the heading of the whole. */
  #labels({ lines, place: { line: start } }: Part): void {
    const labels = this.#template.entries.filter(({ at }) => at.length === 1);
    for (const [index, line] of lines.entries()) {
      if (line.trim() === "") continue;
      const place = { file: this.#name, line: start! + index, column: 1 };
      const { label, value } = LABEL.exec(line.trim())?.groups ?? {};
      const entry = labels.find(({ at }) => label !== undefined && isSameName(at[0]!, label));
      if (label === undefined) this.#unplaced(place, "here");
      else if (entry === undefined) this.#unknown(label, labels, place);
      else this.#said.push({ at: entry.at, value: value!.trim(), place });
    }
  }

  #section(name: string, place: Place, body: Part): void {
    if (isSameName(name, FURTHER.markdown)) this.#furtherFields(body);
    else if (isSameName(name, ARTIFACTS.markdown)) this.#readArtifacts(body, place);
    else this.#templateSection(name, place, body);
  }

  #templateSection(name: string, place: Place, body: Part): void {
    const inside = this.#template.entries.filter(({ at }) => at.length > 0 && isSameName(at[0]!, name));
    const whole = inside.find(({ at }) => at.length === 1);
    const filled = filledFrom(body);
    if (inside.length === 0) this.#unknown(name, this.#template.entries, place);
    else if (whole === undefined) this.#items(inside, body);
    else if (filled !== undefined) this.#said.push({ at: whole.at, value: this.#valueOf(body), place: filled.place });
  }

  #items(entries: readonly TemplateEntry[], body: Part): void {
    const { items, other } = itemsIn(body);
    if (other !== undefined) this.#unplaced(other, `in ${entries[0]!.at[0]}`);
    for (const item of items) {
      const { label, value } = this.#itemOf(item);
      const entry = entries.find(({ at }) => isSameName(at[1]!, label));
      if (entry === undefined) this.#unknown(label, entries, item.place);
      else this.#said.push({ at: entry.at, value, place: item.place });
    }
  }

  #furtherFields(body: Part): void {
    const { items, other } = itemsIn(body);
    if (other !== undefined) this.#unplaced(other, `in ${FURTHER.markdown}`);
    for (const item of items) {
      const { label, value } = this.#itemOf(item);
      this.#further.push({ at: [FURTHER.markdown, label], field: label, value, place: item.place });
    }
  }

  /** An item's label, and what it says: whether its box is ticked, the rest of its line and what follows, or the block that stands below. */
  #itemOf({ lines, place }: Part): { readonly label: string; readonly value: unknown } {
    const [line = "", ...below] = lines;
    const box = CHECKBOX.exec(line);
    const text = line.slice(box?.[0].length ?? 0);
    const colon = text.indexOf(":");
    const label = (colon < 0 ? text : text.slice(0, colon)).replaceAll("**", "").trim();
    if (box !== null) return { label, value: box.groups!.mark !== " " };
    const rest = colon < 0 ? "" : text.slice(colon + 1);
    return { label, value: this.#valueOf({ lines: rest.trim() === "" ? below : [rest, ...below], place }) };
  }

  #readArtifacts(body: Part, place: Place): void {
    const block = fencedIn(body);
    const file = block === undefined ? undefined : readYaml(block.text, this.#name, "CHANGE_FILE_INVALID");
    if (file?.ok) this.#artifacts = file.value.value;
    else {
      const message = `${ARTIFACTS.markdown} are no fenced block of YAML.`;
      const hint = "Write them between ```yaml and ```, as an export does.";
      this.#problems.push({ code: "VALUE_INVALID", message, hint, place });
    }
  }

  #valueOf(part: Part): unknown {
    const block = fencedIn(part);
    if (block?.kind === "text") return block.text;
    if (block?.kind !== "json") return textOf(part);
    const file = readYaml(block.text, this.#name, "CHANGE_FILE_INVALID");
    if (file.ok) return file.value.value;
    const hint = "Correct the block.";
    this.#problems.push({ code: "VALUE_INVALID", message: "This is no JSON.", hint, place: part.place });
    return undefined;
  }

  #unknown(name: string, entries: readonly TemplateEntry[], place: Place): void {
    const known = [...new Set(entries.map(({ at }) => (entries === this.#template.entries ? at[0] : at.at(-1))))];
    const words = known.filter((one) => one !== undefined);
    const hint = `${suggest(name, words)} What has no place in the template goes under "${FURTHER.markdown}".`;
    this.#problems.push({ code: "HEADING_UNKNOWN", message: `The template has no "${name}" here.`, hint, place });
  }

  #unplaced(place: Place, where: string): void {
    const message = `The text ${where} belongs to nothing of the template.`;
    const hint = "Write it below one of the template's headings or labels.";
    this.#problems.push({ code: "TEXT_UNPLACED", message, hint, place });
  }
}
