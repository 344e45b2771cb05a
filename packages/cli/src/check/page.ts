import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { CheckedFile, CheckedHistory, CheckReport } from "@change-mgmt/analysis/check/report.ts";
import type { Page } from "../output/page.ts";
import { findingLines } from "./finding-lines.ts";
import { proposalLines } from "./proposal-lines.ts";
import { downWords, statementLines, upWords } from "./rehearsal-lines.ts";

/** What the page of a check shows besides the report. */
export interface PageOptions {
  readonly cwd: string;
  /** False when only the text was looked at. */
  readonly rehearsed: boolean;
}

/** The report for people: each migration with its verdict, what its statements do, what was found, and a line that sums up. */
export async function checkLines(report: CheckReport, page: Page, options: PageOptions): Promise<string[]> {
  const lines: string[] = [];
  const several = report.histories.length > 1;
  for (const history of report.histories) {
    const files = report.files.filter(({ path, tool }) => tool === history.tool && isBelow(path, history.folder));
    if (files.length === 0 && history.notes.length === 0 && history.aside.length === 0 && !several) continue;
    lines.push(...historyLines(history, page));
    for (const file of files) lines.push(...(await fileLines(file, page, options)));
    lines.push("");
  }
  for (const note of report.notes) lines.push(`${page.signs.dot} ${note}`);
  lines.push(...summaryLines(report, page, options));
  return lines;
}

function isBelow(path: string, folder: string): boolean {
  return folder === "." || path.startsWith(`${folder}/`);
}

function historyLines({ tool, folder, migrations, checked, aside, notes }: CheckedHistory, page: Page): string[] {
  const { colours, signs } = page;
  const count = checked === migrations ? `${migrations}` : `${checked} of ${migrations}`;
  const head = `${colours.bold(folder)} ${colours.dim(`${signs.dot} ${tool} ${signs.dot} ${count} ${migrations === 1 ? "migration" : "migrations"}`)}`;
  const left = aside.map(({ path, why }) => `  ${colours.yellow(signs.open)} ${path} was left out: ${why}.`);
  return [head, ...notes.map((note) => `  ${colours.dim(`${signs.dot} ${note}`)}`), ...left];
}

async function fileLines(file: CheckedFile, page: Page, { cwd, rehearsed }: PageOptions): Promise<string[]> {
  const { colours } = page;
  const { path, findings, waived, known, statements, notes, rehearsal } = file;
  const lines = [`${mark(file, page)} ${colours.bold(path)}${brief(file, page, rehearsed)}`];
  if (rehearsed) lines.push(...statementLines(statements, page));
  // What is said of the way there and back in one line needs not be said again.
  const shown = findings.filter(({ rule }) => rule !== "no-way-back");
  if (shown.length > 0) {
    const source = sourceReader(cwd);
    for (const finding of shown) lines.push(...findingLines(finding, await source(finding.file ?? path), file, page));
  }
  if (rehearsed && (rehearsal.up.outcome !== "ok" || isOdd(file))) {
    lines.push(...upWords(file, page), ...downWords(file, page));
  }
  lines.push(...proposalLines(file, page));
  for (const { rule, reason, line } of waived)
    lines.push(`  ${colours.dim(`allowed at line ${line}: ${rule}, because ${reason}`)}`);
  if (known > 0)
    lines.push(`  ${colours.dim(`${known} more ${known === 1 ? "finding is" : "findings are"} in the baseline`)}`);
  for (const note of notes) lines.push(`  ${colours.dim(note)}`);
  return lines;
}

function mark({ findings, rehearsal }: CheckedFile, { colours, signs }: Page): string {
  if (rehearsal.up.outcome === "fails" || findings.some(({ severity }) => severity === "error"))
    return colours.red(signs.no);
  if (findings.some(({ severity, rule }) => severity === "warning" && rule !== "no-way-back"))
    return colours.yellow("!");
  return rehearsal.up.outcome === "ok" ? colours.green(signs.yes) : signs.open;
}

/** What fits behind the file's name when all is plain. */
function brief(file: CheckedFile, { colours, signs }: Page, rehearsed: boolean): string {
  const { statements, rehearsal } = file;
  const count = `${statements.length} ${statements.length === 1 ? "statement" : "statements"}`;
  if (!rehearsed || rehearsal.up.outcome !== "ok") return colours.dim(` ${signs.dot} ${count}`);
  const down = rehearsal.down.outcome;
  const words = down === "exact" ? "way back exact" : down === "absent" ? "no way back" : undefined;
  return colours.dim(` ${signs.dot} ${count}${words ? ` ${signs.dot} ${words}` : ""}`);
}

/** True where the way back is neither exact nor plainly absent. */
function isOdd({ rehearsal: { down } }: CheckedFile): boolean {
  return (down.outcome !== "exact" && down.outcome !== "absent") || down.data === "differs";
}

/** Reads the lines of files, each once; none of a file that cannot be read any more. */
function sourceReader(cwd: string) {
  const known = new Map<string, readonly string[]>();
  return async (path: string): Promise<readonly string[]> => {
    let lines = known.get(path);
    if (!lines) {
      const text = await readFile(resolve(cwd, path), "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === undefined) throw error;
        return "";
      });
      lines = text.split(/\r?\n/);
      known.set(path, lines);
    }
    return lines;
  };
}

function summaryLines(
  { ok, engine, summary, histories }: CheckReport,
  page: Page,
  { rehearsed }: PageOptions,
): string[] {
  const { colours, signs } = page;
  const { files, errors, warnings, infos, waived, known, ran, failed, notRehearsed } = summary;
  const total = histories.reduce((sum, { migrations }) => sum + migrations, 0);
  if (files === 0)
    return [`${signs.dot} ${total} ${total === 1 ? "migration is" : "migrations are"} there, and none was asked for.`];
  const found = [
    [errors, "error", "errors"],
    [warnings, "warning", "warnings"],
    [infos, "remark", "remarks"],
    [waived, "allowed", "allowed"],
    [known, "in the baseline", "in the baseline"],
  ] as const;
  const counted = found
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count} ${count === 1 ? one : many}`);
  const runs = [
    [ran, "ran"],
    [failed, failed === 1 ? "fails" : "fail"],
    [notRehearsed, "not rehearsed"],
  ] as const;
  const outcome = runs.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  const on =
    engine.postgres === null ? "" : ` on PostgreSQL ${engine.postgres}${engine.name === "pglite" ? " (embedded)" : ""}`;
  const what = `${files} ${files === 1 ? "migration" : "migrations"}: ${rehearsed ? `${outcome.join(", ")}${on}` : "read, not run"}`;
  const verdict = `${what}; ${counted.length > 0 ? counted.join(", ") : "nothing found"}`;
  const line = verdictLine(ok, rehearsed && notRehearsed > 0, verdict, page);
  return engine.mismatch === null ? [line] : [line, colours.yellow(`${signs.dot} ${engine.mismatch}`)];
}

/** Green only where everything that was asked for is known to be fine. */
function verdictLine(ok: boolean, open: boolean, verdict: string, { colours, signs }: Page): string {
  if (!ok) return colours.red(`${signs.no} ${verdict}`);
  return open
    ? colours.yellow(`${signs.open} ${verdict}; nothing is known of what was not rehearsed`)
    : colours.green(`${signs.yes} ${verdict}`);
}
