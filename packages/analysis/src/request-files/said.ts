import type { Place, Problem } from "@change-mgmt/domain/change/refusal.ts";

/** One thing that a file says: where in the file's own words, what, and on which line. */
export interface Said {
  readonly at: readonly string[];
  /** A text as it stands in Markdown, or whatever a YAML or CSV file has there; never null or a map. */
  readonly value: unknown;
  readonly place: Place;
}

/** What a file says, before anything is made of it. */
export interface Sayings {
  readonly said: readonly Said[];
  /** What is said below the template, by the field's id or title. */
  readonly further: readonly (Said & { readonly field: string })[];
  /** The artifacts as they are in a change, where the file has any. */
  readonly artifacts: unknown;
  readonly problems: readonly Problem[];
}

/** The heading or key below which a file says what the template has no place for. */
export const FURTHER = { markdown: "Further fields", yaml: "further_fields" } as const;
/** The same for what is to be deployed. */
export const ARTIFACTS = { markdown: "Artifacts", yaml: "artifacts" } as const;

/** Whether two headings, labels or titles are the same but for case, spaces, a colon at the end and how words are joined. */
export function isSameName(one: string, other: string): boolean {
  return nameKey(one) === nameKey(other);
}

/** What `isSameName` compares. */
export function nameKey(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s_-]+/g, "-")
    .replace(/^-|:?-?$/g, "");
}
