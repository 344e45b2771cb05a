import { hash } from "node:crypto";
import { relative, sep } from "node:path";
import { accept, type Outcome } from "@change-mgmt/domain/change/refusal.ts";
import type { HistoryEntry, MigrationHistory } from "../sql/histories/history.ts";
import type { SourceTree } from "../sql/histories/source-tree.ts";
import type { Against, ComingThere } from "./against/against.ts";
import type { LiveAddress } from "./against/live-database.ts";
import { type Baseline, withoutKnown } from "./baseline.ts";
import type { RawFinding } from "./findings.ts";
import { type GitRange, gitRange } from "./git-range.ts";
import { type LocatedHistory, locate } from "./locate.ts";
import type { ReadEntry } from "./read-entry.ts";
import type { RecordedScript, ScriptRecorder } from "./recorded.ts";
import type { RehearsedHistory } from "./rehearse-history.ts";
import type { CheckedFile, CheckedHistory, CheckReport, Severity } from "./report.ts";
import { type Selection, select } from "./select.ts";
import { summaryOf } from "./summary.ts";
import { openTextCache } from "./text-cache.ts";
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
  /** How much the findings of a rule weigh here, or off; as the rule says where it is left out. */
  readonly rules?: Readonly<Record<string, Severity | "off">>;
  /** Major version of the Postgres that the migrations are for; null where nobody says. */
  readonly targetMajor: number | null;
  /** Address of a real Postgres to rehearse on in place of the embedded one; null for none. */
  readonly server: string | null;
  /** Where rehearsals keep their states. */
  readonly cacheFolder: string;
  /** Where what was read of texts is kept; null keeps nothing. */
  readonly textCache: string | null;
  readonly statementMs: number;
  readonly totalMs: number;
  /** True for a process that ends with the check, and so may spend nothing on running faster later. */
  readonly passing?: boolean;
  /** Whether a way back is proposed and rehearsed for migrations without one, or with a wrong one; not unless said. */
  readonly propose?: boolean;
  /** A live database whose schema rehearsals start on, and whose ledgers tell what is applied; the earlier files make it where left out. */
  readonly against?: LiveAddress;
  /** Runs migrations that are written in a programming language; left out where nobody may. */
  readonly recordScripts?: ScriptRecorder;
  readonly signal?: AbortSignal;
  /** Hears in a sentence what is being done. */
  readonly onProgress?: (sentence: string) => void;
}

const NOTHING_RUN: RehearsedHistory = { report: null, outcomes: new Map(), rehearsed: 0, notes: [] };

/** Finds the migrations of a repository, reads them, rehearses them and says what was found. Refuses what locate, gitRange and readAgainst refuse. */
export async function check(asked: CheckRequest): Promise<Outcome<CheckReport>> {
  const located = await locate(asked.cwd, asked.paths);
  if (!located.ok) return located;
  const range = asked.base === null ? null : await gitRange(asked.cwd, asked.base);
  if (range !== null && !range.ok) return range;
  const against = await readLive(asked, located.value);
  if (against !== null && !against.ok) return against;
  const live = against?.value.live;
  const request = live ? { ...asked, targetMajor: asked.targetMajor ?? Number.parseInt(live.postgres, 10) } : asked;
  const files: CheckedFile[] = [];
  const histories: CheckedHistory[] = [];
  let engine: CheckReport["engine"] = { name: "none", postgres: null, mismatch: null };
  for (const [at, one] of located.value.entries()) {
    const checked = await checkHistory(request, one, range?.value ?? null, against && { ...against.value, at });
    files.push(...checked.files);
    histories.push(checked.history);
    if (checked.engine) engine = checked.engine;
  }
  const summary = summaryOf(files);
  const cut = located.value.some(({ tree }) => tree.cut);
  const notes = [
    ...(live ? [`The schema to start on is that of ${live.shown} (Postgres ${live.postgres}) as it is now.`] : []),
    ...(cut ? ["There are more folders than are looked into; name those with migrations."] : []),
  ];
  return accept({ ok: summary.errors === 0 && summary.failed === 0, engine, files, histories, summary, notes });
}

async function readLive({ against, cacheFolder, onProgress }: CheckRequest, located: readonly LocatedHistory[]) {
  if (against === undefined) return null;
  onProgress?.(`reading the schema of ${against.shown} …`);
  const { readAgainst } = await import("./against/against.ts");
  return await readAgainst(against, located, cacheFolder);
}

async function checkHistory(
  request: CheckRequest,
  { tree, history, files }: LocatedHistory,
  range: GitRange | null,
  against: (Against & { readonly at: number }) | null,
) {
  const selection = select(history, tree, { files, range });
  const chosen = history.foreign === null ? selection.asked : new Set<HistoryEntry>();
  const coming = await comingTo(against, history, chosen);
  const asked = coming === null ? chosen : new Set([...chosen].filter((entry) => coming.pending.has(entry)));
  const shown = (path: string) => pathShown(request.cwd, tree.absolute(path));
  const names = versionFindings(history);
  const more = (entry: HistoryEntry) => [...(selection.findings.get(entry) ?? []), ...(names.get(entry) ?? [])];
  const work = { request, tree, history, asked, shown, more, coming };
  const run = request.textOnly || asked.size === 0 ? null : await runHistory(work);
  const checked = run ? run.files : await readHistory(work);
  const noted = { ...selection, notes: [...selection.notes, ...(coming?.notes ?? [])] };
  const summary = summed(noted, run?.rehearsed ?? NOTHING_RUN, checked.length, shown);
  return {
    files: checked.map((file) => known(weighed(file, request.rules ?? {}), request.baseline)),
    history: summary,
    engine: run?.rehearsed.report?.engine,
  };
}

async function comingTo(
  against: (Against & { readonly at: number }) | null,
  history: MigrationHistory,
  asked: ReadonlySet<HistoryEntry>,
): Promise<(ComingThere & Against) | null> {
  if (against === null) return null;
  const { comingThere } = await import("./against/against.ts");
  return { ...against, ...comingThere(against, history, asked, against.live.histories[against.at]!) };
}

/** The findings as much as they weigh here, without those that are off. */
function weighed(file: CheckedFile, rules: NonNullable<CheckRequest["rules"]>): CheckedFile {
  const findings = file.findings.flatMap((finding) => {
    const weight = rules[finding.rule] ?? finding.severity;
    return weight === "off" ? [] : [{ ...finding, severity: weight }];
  });
  return { ...file, findings };
}

function known(file: CheckedFile, baseline: Baseline | null): CheckedFile {
  return { ...file, ...withoutKnown(file.findings, baseline) };
}

/** What there is to do with one history. */
interface Work {
  readonly request: CheckRequest;
  readonly tree: SourceTree;
  readonly history: MigrationHistory;
  readonly asked: ReadonlySet<HistoryEntry>;
  readonly shown: (path: string) => string;
  /** What the choice and the names show of an entry. */
  readonly more: (entry: HistoryEntry) => readonly RawFinding[];
  /** What of it is still to come to a live database; null where it is checked against none. */
  readonly coming: (ComingThere & Against) | null;
}

async function runHistory({ request, tree, history, asked, shown, more, coming }: Work) {
  const [{ readEarlier }, { readEntry }, { checkedFile }, { rehearseHistory }] = await Promise.all([
    import("./earlier-entries.ts"),
    import("./read-entry.ts"),
    import("./checked-file.ts"),
    import("./rehearse-history.ts"),
  ]);
  request.onProgress?.(`rehearsing ${history.tool} migrations in ${shown(history.folder) || "."} …`);
  const recorded = await record(request, tree, history);
  const entries = history.entries.filter((entry) => coming === null || coming.pending.has(entry));
  const first = entries.findIndex((entry) => asked.has(entry));
  const earlier = await readEarlier(tree, history, entries.slice(0, first), recorded, request.textCache);
  const reads: ReadEntry[] = [];
  for (const entry of entries.slice(first)) {
    reads.push(await readEntry(tree, history, entry, shown, recorded.get(tree.absolute(entry.path))));
  }
  const askedReads = new Set(reads.filter(({ entry }) => asked.has(entry)));
  const { cacheFolder, newest, totalMs, statementMs, signal, targetMajor, server, propose = false } = request;
  const engine = { targetMajor, ...(server === null ? {} : { server }) };
  const settings = {
    cacheFolder,
    newest,
    totalMs,
    statementMs,
    signal,
    engine,
    passing: request.passing ?? false,
    propose,
    base: coming?.base.base ?? [],
    notRehearsable: coming?.notRehearsable ?? null,
  };
  const rehearsed = await rehearseHistory(earlier, reads, askedReads, settings);
  const files: CheckedFile[] = [];
  for (const read of askedReads) {
    const outcome = rehearsed.outcomes.get(read)!;
    const file = await checkedFile(read, outcome, more(read.entry), shown, request.targetMajor);
    files.push(coming === null ? file : await withSizes(file, coming));
  }
  return { rehearsed, files };
}

async function withSizes(file: CheckedFile, { live }: Against): Promise<CheckedFile> {
  const { sizeNotes } = await import("./against/size-notes.ts");
  return { ...file, notes: [...file.notes, ...sizeNotes(file.statements, live.sizes)] };
}

/** What the migrations that are no SQL say, as far as somebody is there to run them. */
async function record(
  { recordScripts, onProgress }: CheckRequest,
  tree: SourceTree,
  { tool, entries }: MigrationHistory,
) {
  const files = entries
    .filter(({ code, path }) => code && !path.endsWith(".go"))
    .map(({ path }) => tree.absolute(path));
  if (files.length === 0 || !recordScripts) return new Map<string, RecordedScript>();
  onProgress?.(`running ${files.length} ${tool} migrations without a database to see their SQL …`);
  return new Map((await recordScripts({ tool, files })).map((script) => [script.file, script]));
}

/** Reads one migration after the other, keeping nothing of it but what was found; the parser is loaded only for texts that are new. */
async function readHistory({ request, tree, history, asked, shown, more }: Work): Promise<CheckedFile[]> {
  const { textCache, targetMajor } = request;
  const cache =
    textCache === null ? null : await openTextCache<CheckedFile>(textCache, tree.absolute(history.folder), "checked");
  const files: CheckedFile[] = [];
  for (const entry of history.entries) {
    if (!asked.has(entry)) continue;
    const texts = await Promise.all(
      [entry.path, ...(entry.down === null ? [] : [entry.down])].map((path) => tree.text(path)),
    );
    const seen = [history.tool, entry, shown(entry.path), more(entry), targetMajor, texts];
    const key = hash("sha256", JSON.stringify(seen));
    let file = cache?.get(key);
    if (!file) {
      const [{ readEntry }, { checkedFile }] = await Promise.all([
        import("./read-entry.ts"),
        import("./checked-file.ts"),
      ]);
      const read = await readEntry(tree, history, entry, shown);
      file = await checkedFile(read, { notRehearsed: "only the text was looked at" }, more(entry), shown, targetMajor);
      cache?.set(key, file);
    }
    files.push(file);
  }
  await cache?.save();
  return files;
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
