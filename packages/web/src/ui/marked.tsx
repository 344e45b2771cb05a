import { segmentsOf } from "./segments.ts";

/** A text with what was looked for marked in it. It is only ever shown as text. */
export function Marked({
  text,
  marks,
}: {
  readonly text: string;
  readonly marks: readonly (readonly [number, number])[];
}) {
  return segmentsOf(text, marks).map((segment) =>
    segment.marked ? (
      <mark key={segment.at} className="found">
        {segment.text}
      </mark>
    ) : (
      segment.text
    ),
  );
}
