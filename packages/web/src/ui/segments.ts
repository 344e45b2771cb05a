/** A piece of a text, marked or not. */
export interface Segment {
  readonly text: string;
  readonly marked: boolean;
  /** Where it begins in the whole. */
  readonly at: number;
}

/** A text in pieces, cut where marks (from and to, in order, without overlaps) begin and end; marks beyond the text mark nothing. */
export function segmentsOf(text: string, marks: readonly (readonly [number, number])[]): readonly Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  for (const [start, end] of [...marks, [text.length, text.length] as const]) {
    segments.push({ text: text.slice(at, start), marked: false, at });
    segments.push({ text: text.slice(Math.max(start, at), end), marked: true, at: start });
    at = Math.max(at, end);
  }
  return segments.filter((segment) => segment.text !== "");
}
