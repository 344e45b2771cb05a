/** A range of a text: 1-based lines and columns in UTF-16 units, as the server counts them. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** One thing found in a text; without a span it is about the whole of it. */
export interface EditorFinding {
  readonly rule: string;
  /** Headline of the rule of judgement, which then has a page; null for what is none. */
  readonly title: string | null;
  readonly severity: "error" | "warning" | "info";
  readonly span: Span | null;
  readonly message: string;
  readonly hint: string | null;
}

/** Half-open range of string indexes that a span covers in a text, at least one character where there is one; the text may have become shorter. */
export function rangeOf(text: string, span: Span): { readonly from: number; readonly to: number } {
  const from = indexOf(text, span.line, span.column);
  const to = Math.max(from, indexOf(text, span.endLine, span.endColumn));
  if (to > from) return { from, to };
  return from < text.length ? { from, to: from + 1 } : { from: Math.max(0, from - 1), to: from };
}

function indexOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const next = text.indexOf("\n", start);
    if (next < 0) return text.length;
    start = next + 1;
  }
  const end = text.indexOf("\n", start);
  return Math.min(start + column - 1, end < 0 ? text.length : end);
}

/** Where a finding is, in words; empty where it is about the whole. */
export function placeWords({ span }: Pick<EditorFinding, "span">): string {
  return span === null ? "" : `Line ${span.line}, column ${span.column}`;
}
