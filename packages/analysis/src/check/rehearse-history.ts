import { rehearse } from "../rehearsal/rehearse.ts";
import type { MigrationReport, RehearsalBase, RehearsalEngine, RehearsalReport } from "../rehearsal/report.ts";
import type { EarlierEntry } from "./earlier-entries.ts";
import { aroundOf } from "./judge.ts";
import type { ReadEntry } from "./read-entry.ts";

/** How a history is rehearsed. */
export interface RehearsalSettings {
  readonly cacheFolder: string;
  /** How many of the migrations that were asked for are rehearsed one by one at most, the newest. */
  readonly newest: number;
  readonly totalMs: number;
  readonly statementMs: number;
  readonly signal: AbortSignal | undefined;
  readonly engine: RehearsalEngine;
  /** As a rehearsal takes it. */
  readonly passing: boolean;
  readonly propose: boolean;
  /** What the state is made of that the earliest starts on; nothing unless said. */
  readonly base: RehearsalBase;
  /** Why nothing of it can be rehearsed; null where it can. */
  readonly notRehearsable: string | null;
}

/** What became of each migration of a history that was asked for. */
export interface RehearsedHistory {
  readonly report: RehearsalReport | null;
  readonly outcomes: ReadonlyMap<ReadEntry, MigrationReport | { readonly notRehearsed: string }>;
  /** How many ran or were to run one by one. */
  readonly rehearsed: number;
  readonly notes: readonly string[];
}

/**
 * Rehearses the migrations of `entries` that were asked for on the state that those before them make, `earlier` first. The first that cannot be run ends it: what comes after
 * is not rehearsable, since it starts from what is not there.
 */
export async function rehearseHistory(
  earlier: readonly EarlierEntry[],
  entries: readonly ReadEntry[],
  asked: ReadonlySet<ReadEntry>,
  settings: RehearsalSettings,
): Promise<RehearsedHistory> {
  const outcomes = new Map<ReadEntry, MigrationReport | { notRehearsed: string }>();
  const ours = entries.filter((entry) => !entry.elsewhere);
  for (const entry of entries)
    if (entry.elsewhere && asked.has(entry)) outcomes.set(entry, { notRehearsed: entry.blocked! });
  const wanted = ours.filter((entry) => asked.has(entry));
  if (settings.notRehearsable !== null) {
    for (const entry of wanted) outcomes.set(entry, { notRehearsed: settings.notRehearsable });
  }
  if (wanted.length === 0 || settings.notRehearsable !== null)
    return { report: null, outcomes, rehearsed: 0, notes: [] };
  const chosen = wanted.slice(-settings.newest);
  const from = ours.indexOf(chosen[0]!);
  const notes: string[] = [];
  if (chosen.length < wanted.length) {
    notes.push(
      `Only the newest ${chosen.length} of ${wanted.length} were rehearsed one by one, on the state that the others make; --newest=${wanted.length} rehearses all.`,
    );
  }
  for (const entry of wanted.slice(0, wanted.length - chosen.length)) {
    outcomes.set(entry, { notRehearsed: `only the newest ${settings.newest} are rehearsed one by one` });
  }
  const stops = ({ blocked, broken }: EarlierEntry | ReadEntry) => blocked !== null || broken !== null;
  const ahead = earlier.filter((entry) => !entry.elsewhere);
  const aheadStop = ahead.find(stops);
  const stop = aheadStop ?? ours.find(stops);
  const end = aheadStop ? 0 : stop ? ours.indexOf(stop as ReadEntry) : ours.length;
  const before = [...ahead, ...ours.slice(0, Math.min(from, end)).map(earlierOf)];
  const run = ours.slice(from, Math.max(from, end));
  const last = run.findLastIndex((entry) => asked.has(entry));
  const runs = run.slice(0, last + 1);
  for (const entry of chosen) {
    if (!runs.includes(entry)) outcomes.set(entry, { notRehearsed: behind(entry, stop!) });
  }
  if (runs.length === 0) return { report: null, outcomes, rehearsed: 0, notes };
  const { cacheFolder, totalMs, statementMs, signal, engine, passing, propose } = settings;
  const report = await rehearse({
    base: [
      ...settings.base,
      ...before.map(({ entry, up, upLine, transactional }) => ({ name: entry.name, up, upLine, transactional })),
    ],
    engine,
    migrations: runs.map((entry) => ({
      id: entry.entry.path,
      ...textOf(entry),
      ...downOf(entry),
      transactional: entry.transactional,
      around: { ...aroundOf(entry), targetMajor: engine.targetMajor ?? null },
    })),
    cacheFolder,
    passing,
    propose,
    limits: { totalMs, statementMs },
    ...(signal ? { signal } : {}),
  });
  for (const [index, entry] of runs.entries()) if (asked.has(entry)) outcomes.set(entry, report.migrations[index]!);
  return { report, outcomes, rehearsed: runs.filter((entry) => asked.has(entry)).length, notes };
}

function earlierOf(read: ReadEntry): EarlierEntry {
  const { up, upLine } = textOf(read);
  return { ...read, up, upLine };
}

function behind(entry: ReadEntry, stop: EarlierEntry | ReadEntry): string {
  if (entry === stop) return stop.blocked ?? stop.broken!.reason;
  const why = stop.blocked ?? stop.broken!.reason;
  return `${stop.entry.name} before it cannot be run: ${why}`;
}

function textOf({ entry, parts }: ReadEntry) {
  const { section, read } = parts!.up;
  return { name: entry.name, up: read.ok ? read.value.text : "", upLine: section.line };
}

function downOf({ parts }: ReadEntry) {
  const down = parts!.down;
  if (down === null) return { down: null, downLine: null };
  return { down: down.read.ok ? down.read.value.text : down.section.text, downLine: down.section.line };
}
