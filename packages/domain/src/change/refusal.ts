/** Where in the input a refusal points: a JSON pointer, or a file with 1-based line and column. */
export interface Place {
  readonly pointer?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** One problem inside a refusal that has several, such as the fields of a form. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly place?: Place;
  readonly hint?: string;
}

/** An expected "no": said once by the rule, shown alike by CLI, web, API and audit. `code` is UPPER_SNAKE and stable. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly place?: Place;
  readonly problems?: readonly Problem[];
  /** Further facts for machines; never secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface Refused {
  readonly ok: false;
  readonly refusal: Refusal;
}

/** A value, or the refusal that explains why there is none. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | Refused;

/** Wraps a value as an accepted outcome. */
export function accept<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

/** Makes a refused outcome from its code, sentence and hint. */
export function refuse(
  code: string,
  message: string,
  hint: string,
  more: Pick<Refusal, "place" | "problems" | "details"> = {},
): Refused {
  return { ok: false, refusal: { code, message, hint, ...more } };
}
