import { relative, sep } from "node:path";
import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import type { HistoryEntry } from "../sql/histories/history.ts";
import type { Baseline } from "./baseline.ts";
import { checkedFile } from "./checked-file.ts";
import { type GitRange, gitRange } from "./git-range.ts";
import { type LocatedHistory, locate } from "./locate.ts";
import { type ReadEntry, readEntry } from "./read-entry.ts";
import type { RehearsedHistory } from "./rehearse-history.ts";
import type { CheckedFile, CheckedHistory, CheckReport } from "./report.ts";
import { type Selection, select } from "./select.ts";
import { summaryOf } from "./summary.ts";
import { versionFindings } from "./version-findings.ts";

/** What is to be checked, and how. */
export interface CheckRequest {
  readonly cwd: string;
  /** Files and folders; the working folder when empty. */
  readonly paths: readonly string[];
  /** Reads and runs nothing. */
  readonly textOnly: boolean;
  /** Looks only at what the working tree has that this ref of git had not. */
  readonly base: string | null;
  /** How many migrations of each history are rehearsed one by one at most, the newest. */
  readonly newest: number;
  readonly baseline: Baseline | null;
  /** Major version of the Postgres that the migrations are for; null where nobody says. */
  readonly targetMajor: number | null;
  readonly cacheFolder: string;
  readonly statementMs: number;
  readonly totalMs: number;
  readonly signal?: AbortSignal;
  /** Hears in a sentence what is being done. */
  readonly onProgress?: (sentence: string) => void;
}

const NOTHING_RUN: RehearsedHistory = { report: null, outcomes: new Map(), rehearsed: 0, notes: [] };

/** Finds the migrations of a repository, reads them, rehearses them and says what was found. Refuses what locate and gitRange refuse. */
export async function check(request: CheckRequest): Promise<Outcome<CheckReport>> {
  const located = await locate(request.cwd, request.paths);
  if (!located.ok) return located;
  const range = request.base === null ? null : await gitRange(request.cwd, request.base);
  if (range !== null && !range.ok) return range;
  const files: CheckedFile[] = [];
  const histories: CheckedHistory[] = [];
  let engine: CheckReport["engine"] = { name: "none", postgres: null };
  for (const one of located.value) {
    const checked = await checkHistory(request, one, range?.value ?? null);
    files.push(...checked.files);
    histories.push(checked.history);
    if (checked.engine) engine = checked.engine;
  }
  const summary = summaryOf(files);
  const cut = located.value.some(({ tree }) => tree.cut);
  const notes = cut ? ["There are more folders than are looked into; name those with migrations."] : [];
  return accept({ ok: summary.errors === 0 && summary.failed === 0, engine, files, histories, summary, notes });
}

async function checkHistory(request: CheckRequest, { tree, history, files }: LocatedHistory, range: GitRange | null) {
  const shown = (path: string) => pathShown(request.cwd, tree.absolute(path));
  const selection = select(history, tree, { files, range });
  const { foreign } = history;
  const asked = foreign === null ? selection.asked : new Set<HistoryEntry>();
  const wanted = history.entries.filter((entry) => asked.has(entry) || (!request.textOnly && asked.size > 0));
  const reads: ReadEntry[] = [];
  for (const entry of wanted) reads.push(await readEntry(tree, history, entry, shown));
  const askedReads = new Set(reads.filter(({ entry }) => asked.has(entry)));
  const rehearsed = request.textOnly ? NOTHING_RUN : await run(request, reads, askedReads, shown(history.folder));
  const names = versionFindings(history);
  const checked = [...askedReads].map((read) => {
    const outcome = request.textOnly ? { notRehearsed: "only the text was looked at" } : rehearsed.outcomes.get(read)!;
    const more = [...(selection.findings.get(read.entry) ?? []), ...(names.get(read.entry) ?? [])];
    return checkedFile(read, outcome, more, shown, request);
  });
  return {
    files: checked,
    history: summed(selection, rehearsed, askedReads.size, shown),
    engine: rehearsed.report?.engine,
  };
}

async function run(request: CheckRequest, reads: readonly ReadEntry[], asked: ReadonlySet<ReadEntry>, folder: string) {
  if (asked.size === 0) return NOTHING_RUN;
  const { rehearseHistory } = await import("./rehearse-history.ts");
  request.onProgress?.(`rehearsing ${[...asked][0]!.history.tool} migrations in ${folder || "."} …`);
  const { cacheFolder, newest, totalMs, statementMs, signal } = request;
  return rehearseHistory(reads, asked, { cacheFolder, newest, totalMs, statementMs, signal });
}

function summed(
  { history, notes }: Selection,
  rehearsed: RehearsedHistory,
  checked: number,
  shown: (path: string) => string,
): CheckedHistory {
  const elsewhere =
    history.foreign === null ? [] : [`It is for ${history.foreign} and not for Postgres; it was left out.`];
  return {
    tool: history.tool,
    folder: shown(history.folder) || ".",
    migrations: history.entries.length,
    checked,
    rehearsed: rehearsed.rehearsed,
    aside: history.aside.map(({ path, why }) => ({ path: shown(path), why })),
    notes: [...history.notes, ...elsewhere, ...notes, ...rehearsed.notes],
  };
}

/** A path as people read it: relative to the working folder where it is below it, with `/`. */
function pathShown(cwd: string, absolute: string): string {
  const path = relative(cwd, absolute);
  const below = !path.startsWith("..") && !path.startsWith(sep);
  return (below ? path : absolute).replaceAll("\\", "/");
}
