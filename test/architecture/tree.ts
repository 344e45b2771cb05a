import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Import, importsOf, readSource, type Source } from "./source.ts";

/** Paths relative to the root, with `/`, mapped to their text. */
export type Tree = ReadonlyMap<string, string>;

export interface Violation {
  readonly file: string;
  /** 1-based; undefined where the violation is the file itself. */
  readonly line?: number;
  /** What is wrong, and what to do instead. */
  readonly message: string;
}

/** A source file of a package, taken apart. */
export interface PackageFile {
  readonly path: string;
  /** Folder name under packages/. */
  readonly package: string;
  /** Path below the package's src/. */
  readonly inside: string;
  readonly isTest: boolean;
  readonly source: Source;
  readonly imports: readonly Import[];
}

const IGNORED = new Set([".git", "node_modules", "coverage", ".change-mgmt", "dist"]);

/** Reads a folder; files that are no text of ours (images, archives) come with an empty text. */
export function readTree(root: string): Tree {
  const tree = new Map<string, string>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
      .slice(root.length + 1)
      .replaceAll("\\", "/");
    if (!entry.isFile() || path.split("/").some((part) => IGNORED.has(part))) continue;
    tree.set(path, /\.(ts|tsx|mjs|js|json|ya?ml|md|sql|css)$/.test(path) ? readFileSync(join(root, path), "utf8") : "");
  }
  return tree;
}

/** The source files under packages/<name>/src. */
export function packageFiles(tree: Tree): readonly PackageFile[] {
  return [...tree].flatMap(([path, text]) => {
    const match = /^packages\/([^/]+)\/src\/(.+\.[mc]?[jt]sx?)$/.exec(path);
    if (!match) return [];
    const source = readSource(text);
    const inside = match[2]!;
    return { path, package: match[1]!, inside, isTest: isTest(inside), source, imports: importsOf(source) };
  });
}

/** Test files, and what only they use: the builders and suites under testing/ or in a room's testing.ts. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || /(^|\/)testing(\.ts$|\/)/.test(path);
}

/** Where an import leads inside packages/: package and path below src/; undefined for anything outside them. */
export function targetOf(file: PackageFile, specifier: string): { package: string; inside: string } | undefined {
  const named = /^@change-mgmt\/([^/]+)(?:\/(.*))?$/.exec(specifier);
  if (named) return { package: named[1]!, inside: named[2] ?? "" };
  if (!specifier.startsWith(".")) return undefined;
  const path = new URL(specifier, `file:///${file.path}`).pathname.slice(1);
  const relative = /^packages\/([^/]+)\/src\/(.*)$/.exec(path);
  return relative ? { package: relative[1]!, inside: relative[2]! } : undefined;
}
