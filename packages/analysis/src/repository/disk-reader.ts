import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type FileText, LARGEST_FILE, type RepositoryReader, type Trouble, textOf, tooBig } from "./reader.ts";

const LEFT_OUT = new Set(["node_modules", "dist", "build", "out", "coverage", "vendor", "target"]);

/** A repository on disk. Symbolic links are not followed, and folders of tools, builds and dependencies are left out. */
export function diskReader(root: string): RepositoryReader {
  const files: string[] = [];
  const troubles: Trouble[] = [];
  const waiting = [""];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of entriesOf(root, folder, troubles)) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !LEFT_OUT.has(entry.name) && !entry.name.startsWith(".")) waiting.push(path);
      if (entry.isFile()) files.push(path);
    }
  }
  return { files: files.sort(), troubles, read: (file) => readText(root, file) };
}

function entriesOf(root: string, folder: string, troubles: Trouble[]): Dirent[] {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true });
  } catch (error) {
    troubles.push(unreadable(folder || ".", error));
    return [];
  }
}

function readText(root: string, file: string): FileText {
  try {
    const path = join(root, file);
    const { size } = statSync(path);
    return size > LARGEST_FILE ? tooBig(file, size) : textOf(file, readFileSync(path));
  } catch (error) {
    return { trouble: unreadable(file, error) };
  }
}

/** What the file system says no with is a fact of the repository; anything else is a bug. */
function unreadable(file: string, error: unknown): Trouble {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return { rule: "unreadable", file, line: 1, column: 1, message: `${file} cannot be read (${code}).` };
}
