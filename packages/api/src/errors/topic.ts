/** What one code means, in a sentence, and what to do next, in another. */
export interface ErrorCode {
  /** Of the HTTP answer; left out where it only stands inside another answer, in a deployment or in the terminal. */
  readonly status?: number;
  readonly means: string;
  readonly next: string;
}

/** Codes of one subject, as the page about errors groups them. */
export interface ErrorTopic {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly codes: Readonly<Record<string, ErrorCode>>;
}
