import { randomUUID } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * The text of a file that is made at first use, for its owner's eyes alone. It gets its name when it is whole: nobody ever reads half of it,
 * also where the disk was full or the process died, and of several processes that make it at once one is first.
 */
export function keyFile(file: string, make: () => string): string {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    try {
      fromDraft(file, make(), linkSync);
    } catch (error) {
      // Another process of the same folder was first: its key is the one.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  return readFileSync(file, "utf8").trim();
}

/** Puts another text into the file, all of it or, where that fails, nothing. */
export function replaceKeyFile(file: string, text: string): void {
  fromDraft(file, text, renameSync);
}

function fromDraft(file: string, text: string, put: (draft: string, file: string) => void): void {
  const draft = `${file}.${randomUUID()}`;
  try {
    writeFileSync(draft, `${text}\n`, { mode: 0o600, flush: true });
    put(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}
