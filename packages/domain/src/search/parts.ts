/** Where in a change a text stands. */
export const PLACES = ["number", "title", "description", "field", "assessment", "comment", "sql", "artifact"] as const;

export type Place = (typeof PLACES)[number];

/** A text of a change that can be searched; `name` is the field, the author of the comment or the artifact it stands in. */
export interface Part {
  readonly place: Place;
  readonly name: string | null;
  readonly text: string;
}

/** What of a change is searched; JSON values as they are stored. */
export interface Searched {
  readonly number: string;
  readonly title: string;
  readonly description: string;
  readonly fields: unknown;
  readonly assessment: unknown;
  readonly artifacts: unknown;
  readonly comments: readonly { readonly author: string; readonly text: string }[];
}

/** The texts of a change, those that say most about it first. */
export function partsOf(searched: Searched): readonly Part[] {
  const parts: Part[] = [
    { place: "number", name: null, text: searched.number },
    { place: "title", name: null, text: searched.title },
    { place: "description", name: null, text: searched.description },
  ];
  for (const [name, value] of membersOf(searched.fields)) {
    if (name === "title" || name === "description") continue;
    parts.push(...textsOf(value).map((text): Part => ({ place: "field", name, text })));
  }
  const { impact } = Object.fromEntries(membersOf(searched.assessment));
  parts.push(...textsOf(impact).map((text): Part => ({ place: "assessment", name: null, text })));
  parts.push(...searched.comments.map(({ author, text }): Part => ({ place: "comment", name: author, text })));
  for (const [, artifact] of membersOf(searched.artifacts)) parts.push(...artifactParts(artifact));
  return parts.filter(({ text }) => text !== "");
}

function artifactParts(artifact: unknown): Part[] {
  const members = membersOf(artifact).filter(([key]) => key !== "id" && key !== "kind");
  const name = textsOf(Object.fromEntries(members).name)[0] ?? null;
  return members.flatMap(([key, value]) =>
    textsOf(value).map((text): Part => ({ place: key === "up" || key === "down" ? "sql" : "artifact", name, text })),
  );
}

function membersOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  return membersOf(value).flatMap(([, member]) => textsOf(member));
}
