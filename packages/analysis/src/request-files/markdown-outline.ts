import type { Place } from "@change-mgmt/domain/change/refusal.ts";

/** Some lines of a file that stand one below the other. */
export interface Part {
  readonly lines: readonly string[];
  readonly place: Place;
}

export interface Section {
  readonly heading: string;
  readonly place: Place;
  readonly body: Part;
}

const HEADING = /^ {0,3}(?<marks>#{1,6})(?<text>[ \t].*)?$/;
const ITEM = /^(?<marker> {0,3}(?:[-*+]|\d{1,9}[.)]))(?<space>[ \t]+|$)/;
const FENCE = /^[ \t]*(?<marks>`{3,}|~{3,})(?<info>[^`]*)$/;

/**
 * A Markdown text as sections by its headings, and a section as the items of its lists. Of Markdown it reads headings written with `#`, items
 * and fenced blocks, and nothing inside a paragraph; each line is looked at once, whatever is written: readers of the whole language take time
 * that grows with the square of nested lists, and a file comes from anybody.
 */
export class Outline {
  readonly sections: readonly Section[];
  /** What stands before any heading. */
  readonly before: Part;

  constructor(text: string, name: string) {
    const lines = text.split(/\r?\n/);
    const fences = new Fences();
    const headings: { readonly at: number; readonly text: string }[] = [];
    let depth: number | undefined;
    for (const [at, line] of lines.entries()) {
      const heading = fences.isInside(line) ? undefined : HEADING.exec(line)?.groups;
      if (heading === undefined) continue;
      // Deeper headings belong to the text of a section.
      depth ??= heading.marks!.length + 1;
      if (heading.marks!.length <= depth) headings.push({ at, text: headingText(heading.text ?? "") });
    }
    const part = (from: number, to: number): Part => ({
      lines: lines.slice(from, to),
      place: { file: name, line: from + 1, column: 1 },
    });
    this.before = part(0, headings[0]?.at ?? lines.length);
    this.sections = headings.map(({ at, text: heading }, index) => ({
      heading,
      place: { file: name, line: at + 1, column: 1 },
      body: part(at + 1, headings[index + 1]?.at ?? lines.length),
    }));
  }
}

/** What a heading says, without the marks that may close it. */
function headingText(text: string): string {
  const trimmed = text.trim();
  let end = trimmed.length;
  while (trimmed[end - 1] === "#") end--;
  const isClosed = end < trimmed.length && (end === 0 || /[ \t]/.test(trimmed[end - 1]!));
  return isClosed ? trimmed.slice(0, end).trimEnd() : trimmed;
}

/** The text of a part without the blank lines and spaces around it. */
export function textOf({ lines }: Part): string {
  return lines.join("\n").trim();
}

/** The first line that is not blank, as a part of its own with what follows; undefined where all are. */
export function filledFrom({ lines, place }: Part): Part | undefined {
  const first = lines.findIndex((line) => line.trim() !== "");
  return first < 0 ? undefined : { lines: lines.slice(first), place: moved(place, first) };
}

/** A part that is one fenced block of a kind, with what stands in it to the letter. */
export function fencedIn(part: Part): { readonly kind: string; readonly text: string } | undefined {
  const filled = filledFrom(part)?.lines ?? [];
  const lines = filled.slice(0, filled.findLastIndex((line) => line.trim() !== "") + 1);
  const kind = FENCE.exec(lines[0] ?? "")?.groups?.info?.trim();
  const fences = new Fences();
  // The first line that leaves no block open has to be the last.
  const closed = lines.findIndex((line) => fences.isInside(line) && !fences.isOpen);
  return kind && closed > 0 && closed === lines.length - 1 ? { kind, text: lines.slice(1, -1).join("\n") } : undefined;
}

/** The items of the lists of a part, without their markers and indentation; and the first of its lines that belongs to none. */
export function itemsIn({ lines, place }: Part): { readonly items: readonly Part[]; readonly other?: Place } {
  const items: { lines: string[]; place: Place; indent: number }[] = [];
  const fences = new Fences();
  let other: Place | undefined;
  let wasBlank = true;
  for (const [at, line] of lines.entries()) {
    const isInside = fences.isInside(line);
    const isBlank = line.trim() === "";
    const last = items.at(-1);
    // As far in as what an item says, another one belongs to it.
    const isWithin = last !== undefined && spacesBefore(line) >= last.indent;
    const marker = isInside || isWithin ? undefined : ITEM.exec(line)?.groups;
    if (marker !== undefined) {
      const width = marker.marker!.length + (marker.space!.length > 4 ? 1 : Math.max(1, marker.space!.length));
      items.push({ lines: [line.slice(width)], place: moved(place, at), indent: width });
    } else if (last !== undefined && (isBlank || isInside || !wasBlank || /^[ \t]/.test(line))) {
      last.lines.push(withoutIndent(line, last.indent));
    } else if (!isBlank) other ??= moved(place, at);
    wasBlank = isBlank;
  }
  return { items, ...(other === undefined ? {} : { other }) };
}

function withoutIndent(line: string, most: number): string {
  return line.slice(Math.min(spacesBefore(line), most));
}

function spacesBefore(line: string): number {
  return /^ */.exec(line)![0].length;
}

function moved(place: Place, lines: number): Place {
  return { ...place, line: place.line! + lines, column: 1 };
}

/** Knows, line after line, whether a fenced block is open. */
class Fences {
  #open: string | undefined;

  /** Whether the line, which is the next, belongs to a block: its first and last line do. */
  isInside(line: string): boolean {
    const { marks, info } = FENCE.exec(line)?.groups ?? {};
    if (this.#open === undefined) {
      this.#open = marks;
      return marks !== undefined;
    }
    if (marks?.startsWith(this.#open) && info!.trim() === "") this.#open = undefined;
    return true;
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }
}
