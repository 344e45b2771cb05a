import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

let root: string | undefined;

/** A folder of its own with these files, gone when the process ends; a path that ends in `/` makes an empty folder. */
export function aRepository(files: Readonly<Record<string, string | Uint8Array>>): string {
  if (root === undefined) {
    const made = mkdtempSync(join(tmpdir(), "change-mgmt-repositories-"));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    root = made;
  }
  const folder = mkdtempSync(join(root, "repository-"));
  for (const [path, content] of Object.entries(files)) {
    const full = join(folder, path);
    mkdirSync(path.endsWith("/") ? full : dirname(full), { recursive: true });
    if (!path.endsWith("/")) writeFileSync(full, content);
  }
  return folder;
}
