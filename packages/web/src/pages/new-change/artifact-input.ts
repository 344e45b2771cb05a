/** What a part of an artifact still misses, by its path: `name`, `steps.0.title`. */
export type Errors = (path: string) => string | undefined;

/** What the input of one artifact is given. */
export interface ArtifactInput<A> {
  readonly artifact: A;
  readonly errors: Errors;
  readonly onChange: (artifact: A) => void;
}

/** Styles of an input whose text is code. */
export const MONO = {
  input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "0.8125rem", lineHeight: 1.55 },
};
