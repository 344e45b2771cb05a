import type { HistoryEntry, Layout, LeftAside } from "./history.ts";
import { below } from "./source-tree.ts";

interface Journal {
  readonly dialect?: unknown;
  readonly entries?: unknown;
}

/** What `meta/_journal.json` lists: `<tag>.sql`, in its order. */
export const drizzle: Layout = {
  tool: "drizzle",
  async recognize(folder, tree) {
    const text = await tree.settings(below(folder, "meta/_journal.json"));
    const journal = text === null ? null : readJournal(text);
    if (!journal) return null;
    const tags = Array.isArray(journal.entries) ? journal.entries.flatMap(tagOf) : [];
    const entries: HistoryEntry[] = [];
    const aside: LeftAside[] = [];
    for (const tag of tags) {
      const path = below(folder, `${tag}.sql`);
      if (!tree.has(path)) aside.push({ path, why: "the journal lists it, and this file is not there" });
      else entries.push({ path, name: `${tag}.sql`, version: tag, down: null, code: false, transactional: null });
    }
    const { dialect } = journal;
    const foreign = typeof dialect !== "string" || /^(?:pg|postgresql)$/.test(dialect) ? null : dialect;
    return { entries, aside, foreign, claims: [below(folder, "meta")] };
  },
};

function readJournal(text: string): Journal | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" ? value : null;
  } catch (error) {
    // What is no JSON is no journal.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function tagOf(entry: unknown): string[] {
  const tag = (entry as { tag?: unknown } | null)?.tag;
  return typeof tag === "string" && !tag.includes("/") ? [tag] : [];
}
