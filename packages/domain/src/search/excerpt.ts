import type { Part, Place } from "./parts.ts";
import type { Sequence, Term } from "./query.ts";
import { type Run, runsOf, type Word } from "./words.ts";

/** From and to, in UTF-16 code units of the text they belong to. */
export type Mark = readonly [number, number];

/** A piece of a change's text that shows why it was found. `line` counts from 1 in the text of the place. */
export interface Excerpt {
  readonly place: Place;
  readonly name: string | null;
  readonly line: number;
  readonly text: string;
  readonly marks: readonly Mark[];
}

const BEFORE = 40;
const LENGTH = 180;

/** The excerpt of the part in which most of what is looked for stands, the first of several such; nothing where none does. */
export function excerptOf(parts: Iterable<Part>, terms: readonly Term[]): Excerpt | undefined {
  const wanted = terms.filter(({ negated }) => !negated);
  let best: { part: Part; marks: readonly Mark[]; found: number } | undefined;
  for (const part of parts) {
    const { marks, found } = marksIn(part.text, wanted);
    if (found > (best?.found ?? 0)) best = { part, marks, found };
    if (found === wanted.length) break;
  }
  return best && cut(best.part, best.marks);
}

/** Where what is looked for stands in a text, in order and without overlaps, and how many of the terms do. */
export function marksIn(
  text: string,
  terms: readonly Term[],
): { readonly marks: readonly Mark[]; readonly found: number } {
  const runs = [...runsOf(text)];
  const pieces = runs.flatMap((run) => run.pieces);
  const perTerm = terms.map(({ alternatives }) =>
    alternatives.flatMap((sequence) => [...occurrences(runs, sequence), ...occurrences(pieces, sequence)]),
  );
  return { marks: joined(perTerm.flat()), found: perTerm.filter((marks) => marks.length > 0).length };
}

function occurrences(words: readonly (Run | Word)[], { words: sought, open }: Sequence): Mark[] {
  const last = sought.length - 1;
  const marks: Mark[] = [];
  for (let at = 0; at + last < words.length; at++) {
    const found = sought.every((text, n) => {
      const word = words[at + n]!.text;
      return open && n === last ? word.startsWith(text) : word === text;
    });
    if (found) marks.push([words[at]!.start, words[at + last]!.end]);
  }
  return marks;
}

function joined(marks: readonly Mark[]): Mark[] {
  const apart: [number, number][] = [];
  for (const [start, end] of marks.toSorted((a, b) => a[0] - b[0])) {
    const last = apart.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else apart.push([start, end]);
  }
  return apart;
}

function cut({ place, name, text }: Part, marks: readonly Mark[]): Excerpt {
  const first = marks[0]![0];
  const lineStart = text.lastIndexOf("\n", first - 1) + 1;
  const from = text.length <= LENGTH ? 0 : wordStart(text, Math.max(first - BEFORE, 0), first);
  const to = betweenSigns(text, Math.min(from + LENGTH, text.length));
  const lead = from > 0 ? "…" : "";
  const moved = marks
    .filter(([start]) => start < to)
    .map(([start, end]): Mark => [start - from + lead.length, Math.min(end, to) - from + lead.length]);
  return {
    place,
    name,
    line: text.slice(0, lineStart).split("\n").length,
    text: lead + text.slice(from, to).replaceAll(/\s/gu, " ") + (to < text.length ? "…" : ""),
    marks: moved,
  };
}

/** The beginning of the first word after a place, so that the excerpt does not begin within one. */
function wordStart(text: string, from: number, before: number): number {
  if (from === 0) return 0;
  const gap = text.slice(from, before).search(/\s/u);
  return betweenSigns(text, gap < 0 ? from : from + gap + 1);
}

/** The same place, or the next where it is within a sign of two code units. */
function betweenSigns(text: string, at: number): number {
  return /^[\uDC00-\uDFFF]/.test(text.slice(at, at + 1)) ? at + 1 : at;
}
