import type { HistoryEntry, MigrationHistory } from "../sql/histories/history.ts";
import type { SourceTree } from "../sql/histories/source-tree.ts";
import type { RawFinding } from "./findings.ts";
import type { GitRange } from "./git-range.ts";

/** Which migrations of a history are looked at, and what the choice itself shows. */
export interface Selection {
  readonly history: MigrationHistory;
  readonly asked: ReadonlySet<HistoryEntry>;
  /** Findings that come from how a migration came here, by entry. */
  readonly findings: ReadonlyMap<HistoryEntry, readonly RawFinding[]>;
  readonly notes: readonly string[];
}

/** What was asked for: files by absolute path (null for all), and a range of git (null for none). */
export interface Wanted {
  readonly files: ReadonlySet<string> | null;
  readonly range: GitRange | null;
}

/** Chooses the migrations of a history that are named and that the range adds or changes. */
export function select(history: MigrationHistory, tree: SourceTree, { files, range }: Wanted): Selection {
  const absolute = (path: string) => tree.absolute(path);
  const named = (entry: HistoryEntry) =>
    files === null || files.has(absolute(entry.path)) || (entry.down !== null && files.has(absolute(entry.down)));
  const findings = new Map<HistoryEntry, RawFinding[]>();
  const asked = new Set<HistoryEntry>();
  if (range === null) {
    for (const entry of history.entries) if (named(entry)) asked.add(entry);
    return { history, asked, findings, notes: [] };
  }
  const changeOf = (path: string | null) => (path === null ? undefined : range.get(absolute(path)));
  const lastOld = history.entries.findLastIndex((entry) => changeOf(entry.path)?.change !== "added");
  for (const [index, entry] of history.entries.entries()) {
    const up = changeOf(entry.path);
    if ((up === undefined && changeOf(entry.down) === undefined) || !named(entry)) continue;
    asked.add(entry);
    const found =
      up === undefined || up.change === "added" ? lateFindings(entry, index, lastOld, history) : [renamedOrChanged(up)];
    if (up !== undefined) findings.set(entry, found);
  }
  const removed = [...range].filter(
    ([path, { change }]) => change === "removed" && isIn(path, absolute(history.folder)),
  );
  const notes = removed.map(
    ([path]) =>
      `${path.slice(absolute(history.folder).length + 1)} was removed; databases that have it keep what it did.`,
  );
  return { history, asked, findings, notes };
}

function lateFindings(entry: HistoryEntry, index: number, lastOld: number, history: MigrationHistory): RawFinding[] {
  if (index > lastOld) return [];
  const later = history.entries[lastOld]!;
  return [
    {
      rule: "out-of-order",
      severity: "warning",
      line: 1,
      column: 1,
      message: `${entry.name} is new and comes before ${later.name}, which is not: where that has been applied, a tool may leave this one out or refuse it.`,
      hint: "Give it a number or time after the newest.",
    },
  ];
}

function renamedOrChanged(change: { readonly change: string; readonly from: string | null }): RawFinding {
  const how = change.change === "renamed" ? `was renamed from ${change.from!.split("/").at(-1)}` : "was changed";
  return {
    rule: "changed-migration",
    severity: "warning",
    line: 1,
    column: 1,
    message: `This migration ${how} after it came to the base: databases that have applied it will not see that.`,
    hint: "Leave it as it was and write a new migration.",
  };
}

function isIn(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`) && path.endsWith(".sql");
}
