/** What became of a schema and of its rows when a migration was taken back; `invalid` when it did not even get there. */
export interface Verdict {
  readonly schema: "exact" | "column-order" | "differs" | "fails" | "invalid";
  /** `unknown` where there was nothing to compare. */
  readonly rows: "equal" | "differs" | "unknown";
  /** What was seen, for people. */
  readonly because: string;
}

/** Both in a word each. */
export function inWords({ schema, rows }: Verdict): string {
  return rows === "unknown" ? schema : `${schema}, rows ${rows}`;
}
