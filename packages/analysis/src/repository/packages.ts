import { posix } from "node:path";
import type { Sources } from "./sources.ts";

/** A package of the workspace. */
export interface WorkspacePackage {
  /** Relative to the root; empty for the root itself. */
  readonly folder: string;
  readonly name: string | null;
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** The packages of a repository, by their package.json; one that is no JSON is remembered as trouble. */
export class Packages {
  readonly #byFolder = new Map<string, WorkspacePackage>();
  readonly #byName = new Map<string, WorkspacePackage>();

  constructor(sources: Sources) {
    for (const file of sources.reader.files) {
      if (posix.basename(file) !== "package.json") continue;
      const manifest = readJson(sources, file);
      if (manifest === null) continue;
      const folder = folderOf(file);
      const name = typeof manifest.name === "string" ? manifest.name : null;
      const found = { folder, name, manifest };
      this.#byFolder.set(folder, found);
      if (name !== null && !this.#byName.has(name)) this.#byName.set(name, found);
    }
  }

  named(name: string): WorkspacePackage | undefined {
    return this.#byName.get(name);
  }

  at(folder: string): WorkspacePackage | undefined {
    return this.#byFolder.get(folder);
  }

  /** In the order of their folders. */
  get all(): readonly WorkspacePackage[] {
    return [...this.#byFolder.values()].sort((one, other) => (one.folder < other.folder ? -1 : 1));
  }

  /** The folder of the nearest package around a file; empty where there is none. */
  folderAround(file: string): string {
    for (let folder = folderOf(file); folder !== ""; folder = folderOf(folder)) {
      if (this.#byFolder.has(folder)) return folder;
    }
    return "";
  }
}

/** The folder a path lies in; empty at the root. */
export function folderOf(path: string): string {
  const folder = posix.dirname(path);
  return folder === "." ? "" : folder;
}

/** A JSON file that holds an object; null, remembered as trouble, where it holds none. */
function readJson(sources: Sources, file: string): Record<string, unknown> | null {
  const text = sources.text(file);
  if (text === null) return null;
  const value = parsed(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  const message = `${file} is no JSON object, so imports of its package cannot be followed.`;
  sources.note({ rule: "configuration-unreadable", file, line: 1, column: 1, message });
  return null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
