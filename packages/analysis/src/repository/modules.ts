import { posix } from "node:path";
import ts from "typescript";
import { folderOf, Packages, type WorkspacePackage } from "./packages.ts";
import type { Sources } from "./sources.ts";

/** What an import leads to: a file of the repository, a package from outside, or nothing that is there. */
export type Target = { readonly file: string } | { readonly outside: string } | { readonly unresolved: string };

const ENDINGS = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".d.ts"];
const WRITTEN_FOR: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx", ".js", ".jsx"],
  ".jsx": [".tsx", ".jsx"],
  ".mjs": [".mts", ".mjs"],
  ".cjs": [".cts", ".cjs"],
};
const CONDITIONS = ["source", "types", "import", "module", "default", "node", "require"];

interface Aliases {
  readonly base: string;
  readonly baseUrl: string | null;
  readonly paths: Readonly<Record<string, readonly string[]>>;
}

/** Follows imports as TypeScript and the workspace do: relative paths with `.js` endings, path aliases, and packages of the workspace by name. */
export class Modules {
  readonly packages: Packages;
  readonly #sources: Sources;
  readonly #aliases = new Map<string, Aliases | null>();

  constructor(sources: Sources) {
    this.#sources = sources;
    this.packages = new Packages(sources);
  }

  resolve(from: string, specifier: string): Target {
    if (specifier.startsWith(".")) {
      const path = posix.normalize(posix.join(folderOf(from), specifier));
      const file = this.#fileAt(path);
      return file === null ? { unresolved: `there is no file for "${specifier}"` } : { file };
    }
    const aliased = this.#byAlias(from, specifier);
    if (aliased !== null) return { file: aliased };
    const own = this.#byPackage(from, specifier);
    return own ?? { outside: specifier };
  }

  /** The file that a path without or with an ending means, or null. */
  #fileAt(path: string): string | null {
    const clean = path.replace(/\/$/, "");
    const ending = posix.extname(clean);
    const written = WRITTEN_FOR[ending];
    if (written) {
      const stem = clean.slice(0, -ending.length);
      for (const each of written) if (this.#sources.has(stem + each)) return stem + each;
    }
    if (this.#sources.has(clean) && ENDINGS.includes(ending)) return clean;
    for (const each of ENDINGS) if (this.#sources.has(clean + each)) return clean + each;
    const index = clean === "" || clean === "." ? "index" : `${clean}/index`;
    for (const each of ENDINGS) if (this.#sources.has(index + each)) return index + each;
    return null;
  }

  #byAlias(from: string, specifier: string): string | null {
    const aliases = this.#aliasesFor(folderOf(from));
    if (aliases === null) return null;
    for (const [pattern, targets] of Object.entries(aliases.paths)) {
      const [head = "", tail] = pattern.split("*");
      const fits =
        tail === undefined
          ? specifier === pattern
          : specifier.length >= head.length + tail.length && specifier.startsWith(head) && specifier.endsWith(tail);
      if (!fits) continue;
      const middle = tail === undefined ? "" : specifier.slice(head.length, specifier.length - tail.length);
      for (const target of targets) {
        const path = posix.normalize(posix.join(aliases.base, target.replace("*", middle)));
        const file = this.#fileAt(path);
        if (file !== null) return file;
      }
    }
    return aliases.baseUrl === null ? null : this.#fileAt(posix.join(aliases.baseUrl, specifier));
  }

  /** The path aliases in force in a folder: those of the nearest tsconfig.json or jsconfig.json above that has some. */
  #aliasesFor(folder: string): Aliases | null {
    const known = this.#aliases.get(folder);
    if (known !== undefined) return known;
    const found =
      this.#readAliases(posix.join(folder, "tsconfig.json"), 0) ??
      this.#readAliases(posix.join(folder, "jsconfig.json"), 0) ??
      (folder === "" ? null : this.#aliasesFor(folderOf(folder)));
    this.#aliases.set(folder, found);
    return found;
  }

  #readAliases(file: string, depth: number): Aliases | null {
    const text = this.#sources.has(file) ? this.#sources.text(file) : null;
    // A chain of `extends` may lead back to itself.
    if (text === null || depth > 10) return null;
    const { config, error } = ts.parseConfigFileTextToJson(file, text);
    if (error !== undefined && depth === 0) this.#noteConfig(file, text, error);
    const settings = config as
      | { extends?: unknown; compilerOptions?: { baseUrl?: unknown; paths?: unknown } }
      | undefined;
    const options = settings?.compilerOptions ?? {};
    const baseUrl = typeof options.baseUrl === "string" ? posix.join(folderOf(file), options.baseUrl) : null;
    if (typeof options.paths === "object" && options.paths !== null) {
      const paths = Object.fromEntries(
        Object.entries(options.paths).map(([key, value]) => [
          key,
          Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [],
        ]),
      );
      return { base: baseUrl ?? folderOf(file), baseUrl, paths };
    }
    const extended = [settings?.extends].flat().filter((each): each is string => typeof each === "string");
    for (const each of extended) {
      if (!each.startsWith(".")) continue;
      const path = posix.normalize(posix.join(folderOf(file), each));
      const found = this.#readAliases(path.endsWith(".json") ? path : `${path}.json`, depth + 1);
      if (found !== null) return found;
    }
    return baseUrl === null ? null : { base: baseUrl, baseUrl, paths: {} };
  }

  #noteConfig(file: string, text: string, error: ts.Diagnostic): void {
    const before = text.slice(0, error.start ?? 0).split("\n");
    const said = ts.flattenDiagnosticMessageText(error.messageText, " ");
    const message = `${file} cannot be read, so path aliases may be missed: ${said}`;
    const place = { line: before.length, column: before.at(-1)!.length + 1 };
    this.#sources.note({ rule: "configuration-unreadable", file, ...place, message });
  }

  #byPackage(from: string, specifier: string): Target | null {
    const parts = specifier.split("/");
    const name = specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0]!;
    const rest = specifier.slice(name.length + 1);
    const own = specifier.startsWith("#");
    const found = own ? this.#packageAround(from) : this.packages.named(name);
    if (!found) return null;
    const table = own ? found.manifest.imports : found.manifest.exports;
    const wanted = own ? specifier : rest === "" ? "." : `./${rest}`;
    const { manifest } = found;
    const entries = [
      ...targetsOf(table, wanted),
      ...(rest === "" ? [manifest.source, manifest.types, manifest.module, manifest.main] : [rest]),
      ...(rest === "" ? ["src/index", "index", "src/main"] : [`src/${rest}`]),
    ];
    for (const entry of entries) {
      if (typeof entry !== "string") continue;
      const file = this.#sourceOf(found, entry);
      if (file !== null) return { file };
    }
    return { unresolved: `the package ${found.name ?? found.folder} of this workspace has no file for "${specifier}"` };
  }

  #packageAround(from: string): WorkspacePackage | undefined {
    const folder = this.packages.folderAround(from);
    return this.packages.at(folder);
  }

  /** A built file leads to the source it was built from. */
  #sourceOf({ folder }: WorkspacePackage, entry: string): string | null {
    const path = posix.normalize(posix.join(folder, entry));
    const direct = this.#fileAt(path);
    if (direct !== null && !direct.endsWith(".d.ts")) return direct;
    const built = /(^|\/)(?:dist|build|lib|out)\/(?:(?:esm|cjs|types|src)\/)?(.*?)(?:\.d)?(\.[cm]?[jt]sx?)?$/.exec(
      path,
    );
    if (!built) return direct;
    const root = path.slice(0, built.index) + built[1];
    return this.#fileAt(`${root}src/${built[2]}`) ?? this.#fileAt(`${root}${built[2]}`) ?? direct;
  }
}

/** What a table of exports or imports says of one entry, in the order of its conditions. */
function targetsOf(table: unknown, wanted: string): string[] {
  if (typeof table === "string") return wanted === "." ? [table] : [];
  if (typeof table !== "object" || table === null) return [];
  const rows = table as Record<string, unknown>;
  const keys = Object.keys(rows);
  if (keys.length > 0 && !keys[0]!.startsWith(".") && !keys[0]!.startsWith("#")) {
    return wanted === "." ? conditional(rows) : [];
  }
  if (rows[wanted] !== undefined) return conditional(rows[wanted]);
  for (const key of keys) {
    const [head, tail] = key.split("*");
    if (tail === undefined || !wanted.startsWith(head!) || !wanted.endsWith(tail)) continue;
    const middle = wanted.slice(head!.length, wanted.length - tail.length);
    return conditional(rows[key]).map((each) => each.replace("*", middle));
  }
  return [];
}

function conditional(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(conditional);
  if (typeof value !== "object" || value === null) return [];
  return CONDITIONS.flatMap((condition) => conditional((value as Record<string, unknown>)[condition]));
}
