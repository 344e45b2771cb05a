import type { ReactNode } from "react";

/** One entry of the palette. */
export interface Entry {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** Further words that find it. */
  readonly keywords?: readonly string[];
  readonly icon?: ReactNode;
  readonly run: () => void;
}

export interface EntryGroup {
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** The entries that a query finds in label, description or keywords, at most `limit` of them, in their groups and order; groups without any are left out. */
export function found(groups: readonly EntryGroup[], query: string, limit: number): readonly EntryGroup[] {
  const wanted = query.trim().toLowerCase();
  let left = limit;
  return groups.flatMap(({ title, entries }) => {
    const shown = entries
      .filter(({ label, description = "", keywords = [] }) =>
        [label, description, ...keywords].some((words) => words.toLowerCase().includes(wanted)),
      )
      .slice(0, left);
    left -= shown.length;
    return shown.length > 0 ? [{ title, entries: shown }] : [];
  });
}
