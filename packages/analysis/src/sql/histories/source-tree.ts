import { readFileSync, statSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { decodeUtf8, type NotUtf8 } from "./decode-utf8.ts";

/** What a folder holds: names, sorted. */
export interface Folder {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/** A file's text, or why there is none. */
export type SourceText =
  | { readonly ok: true; readonly text: string; readonly byteOrderMark: boolean }
  | { readonly ok: false; readonly problem: "too-large" | "unreadable"; readonly detail: string }
  | { readonly ok: false; readonly problem: "not-utf8"; readonly detail: string; readonly place: NotUtf8 };

/** Bytes of the largest file that is read; beyond it parsing would take more memory than a check may. */
export const LARGEST_FILE = 4 * 1024 * 1024;
/** How many folders are looked into at most. */
const MOST_FOLDERS = 20_000;
const DEEPEST = 16;
/** How far above a folder its settings are looked for. */
const FURTHEST_UP = 8;

const NEVER = new Set(["node_modules", "vendor", "target", "dist", "build", "out", "coverage", "venv", "__pycache__"]);

/** The folders below a root, and their files on demand; paths are relative to the root, with `/`, and "" is the root. */
export class SourceTree {
  readonly root: string;
  readonly folders: ReadonlyMap<string, Folder>;
  /** True when there were more folders than are looked into. */
  readonly cut: boolean;
  readonly #texts = new Map<string, SourceText>();

  private constructor(root: string, folders: ReadonlyMap<string, Folder>, cut: boolean) {
    this.root = root;
    this.folders = folders;
    this.cut = cut;
  }

  /** Lists a root and what is below, without folders of dependencies, of builds and hidden ones, and without following links, `deepest` folders down. */
  static async list(root: string, deepest = DEEPEST): Promise<SourceTree> {
    const folders = new Map<string, Folder>();
    let layer = [""];
    let cut = false;
    for (let depth = 0; layer.length > 0; depth++) {
      const listed = await Promise.all(layer.map(async (path) => [path, await listFolder(join(root, path))] as const));
      const next: string[] = [];
      for (const [path, folder] of listed) {
        folders.set(path, folder);
        next.push(...folder.folders.filter((name) => !skipped(name)).map((name) => below(path, name)));
      }
      cut ||= next.length > 0 && (depth === DEEPEST || folders.size + next.length > MOST_FOLDERS);
      layer = depth === deepest ? [] : next.slice(0, Math.max(0, MOST_FOLDERS - folders.size));
    }
    return new SourceTree(root, new Map([...folders].sort(([a], [b]) => compareText(a, b))), cut);
  }

  files(folder: string): readonly string[] {
    return this.folders.get(folder)?.files ?? [];
  }

  has(path: string): boolean {
    return this.files(parentOf(path)).includes(nameOf(path));
  }

  /** The text of a file that the tree lists; read once. */
  async text(path: string): Promise<SourceText> {
    let text = this.#texts.get(path);
    if (!text) {
      text = readSource(`${this.root}/${path}`);
      this.#texts.set(path, text);
    }
    return text;
  }

  /** The text of a small file of settings, or null where it is not there or cannot be read. */
  async settings(path: string): Promise<string | null> {
    if (!this.has(path)) return null;
    const source = await this.text(path);
    return source.ok ? source.text : null;
  }

  /** The absolute path of a folder, with `/`. */
  absolute(folder: string): string {
    return (folder === "" ? this.root : join(this.root, folder)).replaceAll("\\", "/");
  }

  /** The nearest file of that name in a folder or above it, above the root too, up to the repository's own folder. */
  async nearest(folder: string, name: string): Promise<string | null> {
    let at = this.absolute(folder);
    for (let up = 0; up < FURTHEST_UP; up++) {
      const source = readSource(join(at, name));
      if (source.ok) return source.text;
      const above = dirname(at);
      if (above === at || (await stat(join(at, ".git")).catch(() => null))) return null;
      at = above;
    }
    return null;
  }
}

async function listFolder(path: string): Promise<Folder> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    // A folder that may not be read, or has just gone, has nothing to offer.
    if (error.code === "EACCES" || error.code === "ENOENT" || error.code === "EPERM") return [];
    throw error;
  });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  const links = entries.filter((entry) => entry.isSymbolicLink()).map((entry) => entry.name);
  for (const name of links) {
    const target = await stat(join(path, name)).catch(() => null);
    if (target?.isFile()) files.push(name);
  }
  return { folders: folders.sort(compareText), files: files.sort(compareText) };
}

/** Read at once: for a thousand small files, waiting for each in turn costs ten times what reading them does. */
function readSource(path: string): SourceText {
  let bytes: Buffer;
  try {
    const { size } = statSync(path);
    if (size > LARGEST_FILE) {
      return {
        ok: false,
        problem: "too-large",
        detail: `it has ${megabytes(size)}, more than ${megabytes(LARGEST_FILE)}`,
      };
    }
    bytes = readFileSync(path);
  } catch (error) {
    return { ok: false, problem: "unreadable", detail: (error as Error).message };
  }
  const decoded = decodeUtf8(bytes);
  if ("place" in decoded) return { ok: false, problem: "not-utf8", detail: decoded.why, place: decoded.place };
  const byteOrderMark = decoded.text.charCodeAt(0) === 0xfeff;
  return { ok: true, text: decoded.text, byteOrderMark };
}

function skipped(name: string): boolean {
  return name.startsWith(".") || NEVER.has(name);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(bytes < 10 * 1024 * 1024 ? 1 : 0)} MB`;
}

/** Order by UTF-16 units, as most tools sort names. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function below(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

export function parentOf(path: string): string {
  const end = path.lastIndexOf("/");
  return end < 0 ? "" : path.slice(0, end);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
