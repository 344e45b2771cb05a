import ts from "typescript";
import type { RepositoryReader, Trouble } from "./reader.ts";

/** Where something stands, 1-based; columns count UTF-16 units as editors do. */
export interface CodePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const CODE = /\.(?:[cm]?ts|tsx|[cm]?js|jsx)$/;
const TEST = /(?:^|\/)(?:tests?|__tests__|__mocks__|e2e|fixtures)\/|\.(?:test|spec|stories|d)\.[^/]+$/;

/** The code of a repository, each file read and parsed at most once and only when somebody asks. */
export class Sources {
  readonly reader: RepositoryReader;
  readonly #texts = new Map<string, string | null>();
  readonly #parsed = new Map<string, ts.SourceFile | null>();
  readonly #troubles: Trouble[] = [];
  readonly #known: ReadonlySet<string>;

  constructor(reader: RepositoryReader) {
    this.reader = reader;
    this.#known = new Set(reader.files);
  }

  has(file: string): boolean {
    return this.#known.has(file);
  }

  /** Files of code that are no tests and no declarations. */
  get code(): readonly string[] {
    return this.reader.files.filter((file) => CODE.test(file) && !TEST.test(file));
  }

  /** How many files were parsed so far. */
  get parsed(): number {
    return this.#parsed.size;
  }

  get troubles(): readonly Trouble[] {
    return [...this.reader.troubles, ...this.#troubles];
  }

  /** Remembers something that could not be read. */
  note(trouble: Trouble): void {
    this.#troubles.push(trouble);
  }

  /** Null where there is no such file or it cannot be read, which is remembered as trouble. */
  text(file: string): string | null {
    const known = this.#texts.get(file);
    if (known !== undefined) return known;
    const read = this.has(file) ? this.reader.read(file) : { text: null };
    if ("trouble" in read) this.#troubles.push(read.trouble);
    const text = "trouble" in read ? null : read.text;
    this.#texts.set(file, text);
    return text;
  }

  /** The syntax tree of a file, as far as it can be read; null where there is no text. */
  parse(file: string): ts.SourceFile | null {
    const known = this.#parsed.get(file);
    if (known !== undefined) return known;
    const text = this.text(file);
    const source = text === null ? null : ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, kindOf(file));
    this.#parsed.set(file, source);
    if (source) this.#noteSyntax(source);
    return source;
  }

  #noteSyntax(source: ts.SourceFile): void {
    // The parser keeps its complaints on the tree, without a public name for them.
    const { parseDiagnostics = [] } = source as unknown as { parseDiagnostics?: readonly ts.DiagnosticWithLocation[] };
    const [first] = parseDiagnostics;
    if (!first) return;
    const { line, character } = source.getLineAndCharacterOfPosition(first.start);
    const said = ts.flattenDiagnosticMessageText(first.messageText, " ");
    const message = `${source.fileName} cannot be read as code: ${said}`;
    this.#troubles.push({
      rule: "syntax-error",
      file: source.fileName,
      line: line + 1,
      column: character + 1,
      message,
    });
  }
}

/** The place where a node begins. */
export function placeOf(node: ts.Node): CodePlace {
  const source = node.getSourceFile();
  const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return { file: source.fileName, line: line + 1, column: character + 1 };
}

function kindOf(file: string): ts.ScriptKind {
  if (file.endsWith(".tsx")) return ts.ScriptKind.TSX;
  return /\.(?:[cm]?js|jsx)$/.test(file) ? ts.ScriptKind.JSX : ts.ScriptKind.TS;
}
