import { hash } from "node:crypto";
import type { HistoryEntry, MigrationHistory } from "../sql/histories/history.ts";
import type { SourceTree } from "../sql/histories/source-tree.ts";
import type { ReadEntry } from "./read-entry.ts";
import type { RecordedScript } from "./recorded.ts";
import { openTextCache } from "./text-cache.ts";

/** A migration that only makes the state for others: what it runs, and why it does not where it does not. */
export interface EarlierEntry extends Pick<ReadEntry, "entry" | "transactional" | "blocked" | "broken" | "elsewhere"> {
  readonly up: string;
  readonly upLine: number;
}

/** What is kept of one; its text is a part of its file where it can be. */
interface Kept extends Omit<EarlierEntry, "entry" | "up"> {
  readonly up: string | readonly [from: number, to: number];
}

/** Reads migrations of a history that nothing is to be said of; with a cache folder, each that has not changed without the parser. */
export async function readEarlier(
  tree: SourceTree,
  history: MigrationHistory,
  entries: readonly HistoryEntry[],
  recorded: ReadonlyMap<string, RecordedScript>,
  cacheFolder: string | null,
): Promise<EarlierEntry[]> {
  if (entries.length === 0) return [];
  const cache =
    cacheFolder === null ? null : await openTextCache<Kept>(cacheFolder, tree.absolute(history.folder), "earlier");
  const texts = await Promise.all(
    entries.map(({ path, down }) =>
      Promise.all([path, ...(down === null ? [] : [down])].map((each) => tree.text(each))),
    ),
  );
  const read: EarlierEntry[] = [];
  for (const [at, entry] of entries.entries()) {
    const source = texts[at]![0]!;
    const text = source.ok ? source.text : "";
    const key = entry.code ? null : hash("sha256", JSON.stringify([history.tool, entry, texts[at]]));
    let kept = key === null ? undefined : cache?.get(key);
    if (kept === undefined) {
      const { readEntry } = await import("./read-entry.ts");
      const whole = await readEntry(tree, history, entry, (path) => path, recorded.get(tree.absolute(entry.path)));
      kept = keptOf(whole, text);
      if (key !== null) cache?.set(key, kept);
    }
    const { up, ...rest } = kept;
    read.push({ ...rest, entry, up: typeof up === "string" ? up : text.slice(...up) });
  }
  await cache?.save();
  return read;
}

function keptOf({ parts, transactional, blocked, broken, elsewhere }: ReadEntry, text: string): Kept {
  const up = parts?.up.read.ok ? parts.up.read.value.text : "";
  const from = text.indexOf(up);
  return {
    transactional,
    blocked,
    broken,
    elsewhere,
    upLine: parts?.up.section.line ?? 1,
    up: from < 0 ? up : [from, from + up.length],
  };
}
