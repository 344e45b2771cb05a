import type { Artifact } from "../../data/types.ts";

/** What somebody has written and not sent yet, as this browser keeps it. */
export interface KeptDraft {
  readonly process: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly artifacts: readonly Artifact[];
  /** The version that was being edited; left out for a new change. */
  readonly version?: number | undefined;
  /** The file it was read from, as long as nothing else was written. */
  readonly file?: string;
  /** RFC 3339. */
  readonly at: string;
}

/** Where this browser keeps what one person has written for one change, or for a new one. */
export function draftKey(handle: string, number?: string): string {
  return `draft:${handle}:${number ?? "new"}`;
}

/** What was kept under a key; null where nothing was, or what is there is not a draft. */
export function readDraft(key: string): KeptDraft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? "null") as KeptDraft | null;
    return draft && typeof draft.values === "object" && Array.isArray(draft.artifacts) ? draft : null;
  } catch {
    // Not ours, or of another release: as good as nothing.
    return null;
  }
}

/** Keeps a draft. False where the browser has no room or lets nothing be kept. */
export function keepDraft(key: string, draft: KeptDraft): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

/** Forgets what was kept. */
export function dropDraft(key: string): void {
  localStorage.removeItem(key);
}
