import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** What a repository calls the file that change management reads. */
export const WORKSPACE_FILE = "change-mgmt.yaml";

/** The workspace's file in a folder or the nearest one above, up to the root of the repository; null where there is none. */
export function nearestFile(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, WORKSPACE_FILE);
    if (existsSync(file)) return file;
    if (existsSync(join(at, ".git")) || dirname(at) === at) return null;
  }
}
