/** A TypeScript source taken apart without a compiler; every text keeps the length and the line breaks of the original. */
export interface Source {
  /** Comments blanked. */
  readonly uncommented: string;
  /** Comments and the contents of strings, templates and regular expressions blanked. */
  readonly bare: string;
  /** Everything but comments blanked. */
  readonly comments: string;
}

export interface Import {
  readonly specifier: string;
  /** 1-based. */
  readonly line: number;
}

const WORKER_ADDRESS = /\bnew\s+URL\s*\(\s*(["'])(?=\s*\1\s*,\s*import\.meta\.url)/g;

type Part = "code" | "quoted" | "comment";

/** Takes a source apart into code, quoted text and comments. */
export function readSource(text: string): Source {
  const parts = partsOf(text);
  const keep = (...kept: Part[]) =>
    Array.from(parts, (part, at) => (kept.includes(part) || /[\r\n]/.test(text[at]!) ? text[at]! : " ")).join("");
  return { uncommented: keep("code", "quoted"), bare: keep("code"), comments: keep("comment") };
}

/** Every module a source names: import, export from, import(), import type, and workers started by `new URL(…, import.meta.url)`. */
export function importsOf(source: Source): readonly Import[] {
  const patterns = [
    /\b(?:import|export)\s[^;"'()]*?\bfrom\s*(["'])/g,
    /\bimport\s*(["'])/g,
    /\bimport\s*\(\s*(["'`])/g,
    /\bimport\.meta\.resolve\s*\(\s*(["'])/g,
    WORKER_ADDRESS,
  ];
  const found: Import[] = [];
  for (const pattern of patterns) {
    for (const match of source.bare.matchAll(pattern)) {
      const start = match.index + match[0].length;
      const end = source.bare.indexOf(match[1]!, start);
      const specifier = source.uncommented.slice(start, end);
      // The address of a folder or a document reads files; only that of a program runs them.
      if (pattern === WORKER_ADDRESS && !/\.[mc]?[jt]sx?$/.test(specifier)) continue;
      found.push({ specifier, line: lineAt(source.bare, match.index) });
    }
  }
  return found.sort((a, b) => a.line - b.line);
}

/** Every string literal with its contents and 1-based line; templates with a substitution are left out. */
export function stringsOf(source: Source): readonly { readonly value: string; readonly line: number }[] {
  return [...source.bare.matchAll(/(["'`])(\s*)\1/g)].map((match) => ({
    value: source.uncommented.slice(match.index + 1, match.index + match[0].length - 1),
    line: lineAt(source.bare, match.index),
  }));
}

/** The 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

/** Says for every UTF-16 unit what it belongs to; the delimiters of quoted text count as code. */
function partsOf(text: string): Part[] {
  const parts: Part[] = new Array(text.length).fill("code");
  /** One entry for each open `${`: the number of braces open inside it. */
  const substitutions: number[] = [];
  let at = 0;
  const mark = (part: Part, end: number) => {
    parts.fill(part, at, end);
    at = end;
  };
  const until = (needle: string) => {
    const found = text.indexOf(needle, at);
    return found === -1 ? text.length : found;
  };
  const template = () => {
    let end = at;
    while (end < text.length && text[end] !== "`" && !text.startsWith("${", end)) end += text[end] === "\\" ? 2 : 1;
    mark("quoted", Math.min(end, text.length));
    if (text.startsWith("${", at)) {
      substitutions.push(0);
      at += 2;
    } else at += 1;
  };

  while (at < text.length) {
    const unit = text[at]!;
    if (text.startsWith("//", at) || (at === 0 && text.startsWith("#!"))) mark("comment", until("\n"));
    else if (text.startsWith("/*", at)) mark("comment", Math.min(until("*/") + 2, text.length));
    else if (unit === '"' || unit === "'") {
      at += 1;
      let end = at;
      while (end < text.length && text[end] !== unit && text[end] !== "\n") end += text[end] === "\\" ? 2 : 1;
      mark("quoted", Math.min(end, text.length));
      at += 1;
    } else if (unit === "`") {
      at += 1;
      template();
    } else if (unit === "/" && regexMayStart(text, at)) {
      const end = endOfRegex(text, at);
      at += 1;
      mark("quoted", end - 1);
      at = end;
    } else if (unit === "}" && substitutions.at(-1) === 0) {
      substitutions.pop();
      at += 1;
      template();
    } else {
      if (substitutions.length > 0 && (unit === "{" || unit === "}")) {
        substitutions[substitutions.length - 1]! += unit === "{" ? 1 : -1;
      }
      at += 1;
    }
  }
  return parts;
}

/** Whether a slash at this place begins a regular expression: after an operator or a keyword, and closed on its line. */
function regexMayStart(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 40), at).trimEnd();
  const operand =
    /[\w$)\]}"'`]$/.test(before) && !/\b(?:return|typeof|case|in|of|yield|await|void|else|do)$/.test(before);
  return !operand && endOfRegex(text, at) !== -1;
}

/** The offset behind the closing slash, or -1 where the line ends first. */
function endOfRegex(text: string, at: number): number {
  let inClass = false;
  for (let end = at + 1; end < text.length && text[end] !== "\n"; end += 1) {
    const unit = text[end];
    if (unit === "\\") end += 1;
    else if (unit === "[") inClass = true;
    else if (unit === "]") inClass = false;
    else if (unit === "/" && !inClass) return end + 1;
  }
  return -1;
}
