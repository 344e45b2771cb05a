import { posix } from "node:path";
import { parse } from "yaml";
import type { CodeBase } from "../code-base.ts";
import type { WorkspacePackage } from "../packages.ts";

/** A part of a repository that has an owner. */
export interface FoundComponent {
  readonly name: string;
  /** Relative to the root; `.` for all of it. */
  readonly path: string;
  /** Folder of its board; null where it has none. */
  readonly board: string | null;
}

/**
 * The components of a repository: a folder with a board is one with all that is below it, and each other package of the workspace is one.
 * Without packages the whole repository is one. `boards` are the folders in which a board lies.
 */
export function findComponents(code: CodeBase, boards: readonly string[], rootName: string): FoundComponent[] {
  const packages = workspacePackages(code);
  const covered = (folder: string) => boards.some((board) => board !== "" && folder.startsWith(`${board}/`));
  const folders = [
    ...new Set([
      ...boards.filter((board) => board !== ""),
      ...packages.map(({ folder }) => folder).filter((folder) => !covered(folder)),
    ]),
  ].sort();
  const all = folders.length === 0 ? [""] : folders;
  const names = namesOf(all, rootName);
  return all.map((folder, at) => ({
    name: names[at]!,
    path: folder === "" ? "." : folder,
    board: boards.includes(folder) ? posix.join(folder, ".component-board") : null,
  }));
}

/** The packages that the workspace names, or every one below the root where it names none. */
function workspacePackages({ sources, modules: { packages } }: CodeBase): WorkspacePackage[] {
  const patterns = workspacePatterns(sources.text("pnpm-workspace.yaml"), packages.at("")?.manifest ?? {});
  const every = packages.all.filter(({ folder }) => folder !== "");
  if (patterns.length === 0) return every;
  const included = patterns.filter((pattern) => !pattern.startsWith("!")).map(asExpression);
  const left = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => asExpression(pattern.slice(1)));
  return every.filter(
    ({ folder }) => included.some((one) => one.test(folder)) && !left.some((one) => one.test(folder)),
  );
}

function workspacePatterns(pnpm: string | null, { workspaces }: Readonly<Record<string, unknown>>): string[] {
  const said = pnpm === null ? workspaces : readPackages(pnpm);
  const list = Array.isArray(said) ? said : (said as { packages?: unknown } | undefined)?.packages;
  return Array.isArray(list) ? list.filter((each): each is string => typeof each === "string") : [];
}

function readPackages(text: string): unknown {
  try {
    return (parse(text) as { packages?: unknown } | null)?.packages;
  } catch (error) {
    if (error instanceof Error && error.name === "YAMLParseError") return undefined;
    throw error;
  }
}

function asExpression(pattern: string): RegExp {
  const clean = pattern.replace(/^\.\//, "").replace(/\/+$/, "");
  const words = clean
    .split(/(\*\*|\*)/)
    .map((part) => (part === "**" ? ".*" : part === "*" ? "[^/]*" : part.replace(/[^\w]/g, "\\$&")));
  return new RegExp(`^${words.join("")}$`);
}

/** The last part of each path, with more of the path where two would be called alike. */
function namesOf(folders: readonly string[], rootName: string): string[] {
  const short = folders.map((folder) => wordOf(folder === "" ? rootName : posix.basename(folder)));
  return folders.map((folder, at) =>
    short.filter((name) => name === short[at]).length > 1 ? wordOf(folder.replaceAll("/", "-")) : short[at]!,
  );
}

/** A name as change-mgmt.yaml takes it. */
export function wordOf(text: string): string {
  const word = text
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 63);
  return word === "" ? "repository" : word;
}
