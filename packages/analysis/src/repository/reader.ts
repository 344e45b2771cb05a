/** Something of a repository that could not be read, with its place. Lines and columns are 1-based. */
export interface Trouble {
  readonly rule: "syntax-error" | "not-text" | "too-big" | "unreadable" | "configuration-unreadable";
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The text of a file, or why there is none. */
export type FileText = { readonly text: string } | { readonly trouble: Trouble };

/** The files of a repository, named relative to its root with `/`. */
export interface RepositoryReader {
  /** In the order of their names. */
  readonly files: readonly string[];
  /** Folders that could not be looked into. */
  readonly troubles: readonly Trouble[];
  read(file: string): FileText;
}

/** A file of this many bytes is generated rather than written by people, and is left out with a word about it. */
export const LARGEST_FILE = 1_500_000;

/** A repository in memory. */
export function memoryReader(files: Readonly<Record<string, string>>): RepositoryReader {
  return {
    files: Object.keys(files).sort(),
    troubles: [],
    read: (file) => textOf(file, Buffer.from(files[file] ?? "", "utf8")),
  };
}

/** The text of what a file holds; trouble where it is no text, or too much of it. */
export function textOf(file: string, content: Buffer): FileText {
  if (content.length > LARGEST_FILE) return tooBig(file, content.length);
  const binary = content.indexOf(0);
  if (binary >= 0) {
    const message = `${file} is no text: it has a zero byte at ${binary}.`;
    return { trouble: { rule: "not-text", file, line: 1, column: 1, message } };
  }
  const text = content.toString("utf8");
  return { text: text.startsWith("\uFEFF") ? text.slice(1) : text };
}

/** A file that is too big to have been written by people. */
export function tooBig(file: string, bytes: number): { readonly trouble: Trouble } {
  const message = `${file} has ${bytes} bytes and was not read; more than ${LARGEST_FILE} is taken for generated.`;
  return { trouble: { rule: "too-big", file, line: 1, column: 1, message } };
}
