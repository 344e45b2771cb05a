import { accept, type Outcome, type Place, type Problem } from "@change-mgmt/domain/change/refusal.ts";
import type { RequestTemplate, TemplateEntry } from "@change-mgmt/domain/process/process.ts";
import { suggest } from "@change-mgmt/domain/process/suggestion.ts";
import type { Heading, ListItem } from "mdast";
import { readYaml } from "../configuration/yaml-file.ts";
import { Outline, type Part } from "./markdown-outline.ts";
import { ARTIFACTS, FURTHER, isSameName, type Said, type Sayings } from "./said.ts";

const LABEL = /^\*\*(?<label>[^*]+?):?\*\*[ \t]*:?[ \t]*(?<value>.*)$/;
const CHECKBOX = /^\[(?<mark>[ xX])\][ \t]+/;

/** What a Markdown file says under the template's headings and labels. What has no place there is a problem: nothing is left out in silence. */
export function markdownSayings(text: string, name: string, template: RequestTemplate): Outcome<Sayings> {
  return new Reading(new Outline(text, name), name, template).read();
}

class Reading {
  readonly #outline: Outline;
  readonly #name: string;
  readonly #template: RequestTemplate;
  readonly #said: Said[] = [];
  readonly #further: (Said & { field: string })[] = [];
  readonly #problems: Problem[] = [];
  #artifacts: unknown;

  constructor(outline: Outline, name: string, template: RequestTemplate) {
    this.#outline = outline;
    this.#name = name;
    this.#template = template;
  }

  read(): Outcome<Sayings> {
    const { before, sections } = this.#outline;
    const [whole, ...others] = sections;
    if (whole === undefined) {
      const message = "There is no heading.";
      const hint = `Begin with "## " and the title of the change.`;
      this.#problems.push({ code: "HEADING_MISSING", message, hint, place: { file: this.#name, line: 1, column: 1 } });
    } else {
      if (before.nodes.length > 0) this.#unplaced(this.#outline.placeOf(before.nodes[0]!), "before the first heading");
      const title = this.#outline.headingText(whole.heading);
      if (title !== "" && !isSameName(title, this.#template.title)) this.#say([], title, whole.heading);
      this.#labels(whole.body);
      for (const { heading, body } of others) this.#section(heading, body);
    }
    return accept({
      said: this.#said,
      further: this.#further,
      artifacts: this.#artifacts,
      problems: this.#problems,
    });
  }

  /** Lines such as `**Type**: normal` below the heading of the whole. */
  #labels(body: Part): void {
    for (const node of body.nodes) {
      const { line: start } = node.position!.start;
      for (const [index, line] of this.#outline
        .sourceOf({ nodes: [node], indent: 0 })
        .split(/\r?\n/)
        .entries()) {
        const place = { file: this.#name, line: start + index, column: 1 };
        const { label, value } = LABEL.exec(line.trim())?.groups ?? {};
        if (label === undefined) {
          if (line.trim() !== "") this.#unplaced(place, "here");
          continue;
        }
        const entry = this.#entries([]).find(({ at }) => isSameName(at[0]!, label));
        if (entry === undefined) this.#unknown(label, this.#entries([]), place);
        else this.#said.push({ at: entry.at, value: value!.trim(), place });
      }
    }
  }

  #section(heading: Heading, body: Part): void {
    const name = this.#outline.headingText(heading);
    if (isSameName(name, FURTHER.markdown)) this.#furtherFields(body);
    else if (isSameName(name, ARTIFACTS.markdown)) this.#readArtifacts(body, heading);
    else this.#templateSection(name, heading, body);
  }

  #templateSection(name: string, heading: Heading, body: Part): void {
    const inside = this.#template.entries.filter(({ at }) => at.length > 0 && isSameName(at[0]!, name));
    const whole = inside.find(({ at }) => at.length === 1);
    if (inside.length === 0) this.#unknown(name, this.#template.entries, this.#outline.placeOf(heading));
    else if (whole !== undefined) this.#sayPart(whole.at, body, heading);
    else this.#items(inside, body);
  }

  #items(entries: readonly TemplateEntry[], body: Part): void {
    const { items, others } = this.#outline.items(body);
    for (const node of others) this.#unplaced(this.#outline.placeOf(node), `in ${entries[0]!.at[0]}`);
    for (const item of items) {
      const { label, part, checked, value } = this.#itemOf(item);
      const entry = entries.find(({ at }) => isSameName(at[1]!, label));
      if (entry === undefined) this.#unknown(label, entries, this.#outline.placeOf(item));
      else if (checked !== undefined) this.#say(entry.at, checked, item);
      else if (part !== undefined) this.#sayPart(entry.at, part, item);
      else this.#say(entry.at, value, item);
    }
  }

  #furtherFields(body: Part): void {
    const { items, others } = this.#outline.items(body);
    for (const node of others) this.#unplaced(this.#outline.placeOf(node), `in ${FURTHER.markdown}`);
    for (const item of items) {
      const { label, part, checked, value } = this.#itemOf(item);
      const place = this.#outline.placeOf(item);
      const read = checked ?? (part === undefined ? value : this.#valueOf(part, place));
      this.#further.push({ at: [FURTHER.markdown, label], field: label, value: read, place });
    }
  }

  /** An item's label, and what it says: in the rest of the line, or in what stands below it. */
  #itemOf(item: ListItem): { label: string; value: string; checked?: boolean; part?: Part } {
    const body = this.#outline.bodyOf(item);
    const source = this.#outline.sourceOf(body);
    const box = CHECKBOX.exec(source);
    const text = source.slice(box?.[0].length ?? 0);
    const [line = ""] = text.split(/\r?\n/, 1);
    const colon = line.indexOf(":");
    const label = (colon < 0 ? line : line.slice(0, colon)).replaceAll("**", "").trim();
    const value = colon < 0 ? text.slice(line.length).trim() : text.slice(colon + 1).trim();
    if (box !== null) return { label, value, checked: box.groups!.mark !== " " };
    const [first, ...below] = body.nodes;
    // What stands in blocks of its own below the label is all that is said.
    const isLabelAlone =
      first !== undefined && this.#outline.sourceOf({ nodes: [first], indent: 0 }).trim().length <= line.trim().length;
    return isLabelAlone && (colon < 0 || line.slice(colon + 1).trim() === "") && below.length > 0
      ? { label, value, part: { nodes: below, indent: body.indent } }
      : { label, value };
  }

  #readArtifacts(body: Part, heading: Heading): void {
    const block = this.#outline.fenced(body);
    const file = block === undefined ? undefined : readYaml(block.value, this.#name, "CHANGE_FILE_INVALID");
    if (file?.ok) this.#artifacts = file.value.value;
    else {
      const message = `${ARTIFACTS.markdown} are no fenced block of YAML.`;
      const hint = "Write them between ```yaml and ```, as an export does.";
      this.#problems.push({ code: "VALUE_INVALID", message, hint, place: this.#outline.placeOf(heading) });
    }
  }

  #sayPart(at: readonly string[], part: Part, where: Heading | ListItem): void {
    if (part.nodes.length > 0) this.#say(at, this.#valueOf(part, this.#outline.placeOf(where)), part.nodes[0]!);
  }

  #valueOf(part: Part, place: Place): unknown {
    const block = this.#outline.fenced(part);
    if (block?.lang === "text") return block.value;
    if (block?.lang !== "json") return this.#outline.sourceOf(part).trim();
    const file = readYaml(block.value, this.#name, "CHANGE_FILE_INVALID");
    if (file.ok) return file.value.value;
    this.#problems.push({ code: "VALUE_INVALID", message: "This is no JSON.", hint: "Correct the block.", place });
    return undefined;
  }

  #say(at: readonly string[], value: unknown, where: Parameters<Outline["placeOf"]>[0]): void {
    this.#said.push({ at, value, place: this.#outline.placeOf(where) });
  }

  #entries(below: readonly string[]): readonly TemplateEntry[] {
    return this.#template.entries.filter(({ at }) => at.length === below.length + 1);
  }

  #unknown(name: string, entries: readonly TemplateEntry[], place: Place): void {
    const known = [...new Set(entries.map(({ at }) => (entries === this.#template.entries ? at[0] : at.at(-1))))];
    const hint = `${suggest(
      name,
      known.filter((one) => one !== undefined),
    )} What has no place in the template goes under "${FURTHER.markdown}".`;
    this.#problems.push({ code: "HEADING_UNKNOWN", message: `The template has no "${name}" here.`, hint, place });
  }

  #unplaced(place: Place, where: string): void {
    const message = `The text ${where} belongs to nothing of the template.`;
    const hint = "Write it below one of the template's headings or labels.";
    this.#problems.push({ code: "TEXT_UNPLACED", message, hint, place });
  }
}
