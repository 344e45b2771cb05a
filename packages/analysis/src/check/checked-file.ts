import { downNotRehearsable, upNotRehearsable } from "../rehearsal/drafts.ts";
import type { MigrationReport, StatementReport } from "../rehearsal/report.ts";
import type { MigrationPart } from "../sql/migration-parts.ts";
import { finished, type RawFinding } from "./findings.ts";
import { judge } from "./judge.ts";
import type { ReadEntry } from "./read-entry.ts";
import { rehearsalFindings } from "./rehearsal-findings.ts";
import type { CheckedFile, CheckedStatement, CheckFinding, WaivedFinding } from "./report.ts";
import { readWaivers, type StatementLines, unusedWaiver, type Waiver } from "./waivers.ts";

type Outcome = MigrationReport | { readonly notRehearsed: string };

/** Puts together what reading, running and the rules found in one migration; what is allowed is kept apart. */
export async function checkedFile(
  read: ReadEntry,
  outcome: Outcome,
  more: readonly RawFinding[],
  shown: (path: string) => string,
  targetMajor: number | null,
): Promise<CheckedFile> {
  const path = shown(read.entry.path);
  const downFile = read.entry.down === null ? null : shown(read.entry.down);
  const report = "notRehearsed" in outcome ? null : outcome;
  const texts = { up: lines(read.text), down: lines(read.downText) };
  const lineText = (file: string | undefined, line: number) =>
    (file === undefined ? texts.up : texts.down)[line - 1] ?? "";
  const units = [...read.findings, ...(report ? rehearsalFindings(read, report, downFile ?? undefined) : [])];
  const findings = [
    ...units.map((finding) => inCharacters(finding, lineText)),
    ...more,
    ...(await judge(read, report, targetMajor, downFile ?? undefined)),
  ];
  const finish = (raw: readonly RawFinding[]) => finished(path, raw, lineText);
  const allowed = waive(read, finish(findings), downFile, finish, report !== null);
  const file: CheckedFile = {
    path,
    tool: read.history.tool,
    transactional: read.transactional,
    down: downFile,
    statements: withUnreached(report?.statements ?? [], read.parts?.up ?? null),
    downStatements: withUnreached(report?.downStatements ?? [], read.parts?.down ?? null),
    findings: allowed.findings,
    waived: allowed.waived,
    known: 0,
    rehearsal: report ? report.rehearsal : notRehearsed(read, outcome as { notRehearsed: string }),
    proposal: report?.proposal ?? null,
    notes: [...read.notes, ...(report?.notes ?? [])],
  };
  return read.entry.code ? withoutLines(file) : file;
}

/** Of a migration that is no SQL, lines of the SQL that it sent say nothing about its own. */
function withoutLines(file: CheckedFile): CheckedFile {
  const first = { line: 1, column: 1 };
  const { up, down } = file.rehearsal;
  return {
    ...file,
    statements: file.statements.map((statement) => ({ ...statement, line: 1 })),
    downStatements: file.downStatements.map((statement) => ({ ...statement, line: 1 })),
    findings: file.findings.map((finding) => ({ ...finding, ...first })),
    waived: file.waived.map((finding) => ({ ...finding, ...first })),
    rehearsal: { up: { ...up, line: null }, down: { ...down, line: null } },
  };
}

/** What was run, and after it what was not reached. */
function withUnreached(reports: readonly StatementReport[], part: MigrationPart | null): CheckedStatement[] {
  return [...reports, ...notRun(part).slice(reports.length)];
}

function notRehearsed(read: ReadEntry, { notRehearsed }: { readonly notRehearsed: string }): CheckedFile["rehearsal"] {
  const absent = read.parts !== null && read.parts.down === null && read.entry.down === null;
  const down = {
    ...downNotRehearsable(absent ? "there is no down part" : notRehearsed),
    ...(absent ? { outcome: "absent" as const } : {}),
  };
  if (read.broken === null) return { up: upNotRehearsable(notRehearsed), down };
  return { up: { outcome: "fails", ...read.broken }, down };
}

function notRun(part: MigrationPart | null): CheckedStatement[] {
  if (!part?.read.ok) return [];
  return part.read.value.statements.map(({ line, kind }) => ({
    line,
    kind,
    outcome: "not-run",
    ms: 0,
    source: "read",
    locks: [],
    rewrites: [],
    scans: [],
  }));
}

/** What readers of SQL say counts UTF-16 units; people, and the rules, count characters. */
function inCharacters(finding: RawFinding, lineText: (file: string | undefined, line: number) => string): RawFinding {
  const line = lineText(finding.file, finding.line);
  // Of a file that could not be read there is no line to count in.
  if (line.length < finding.column - 1) return finding;
  const before = line.slice(0, finding.column - 1);
  return { ...finding, column: [...before].length + 1 };
}

interface Allowed {
  readonly findings: readonly CheckFinding[];
  readonly waived: readonly WaivedFinding[];
}

function waive(
  read: ReadEntry,
  findings: readonly CheckFinding[],
  downFile: string | null,
  finish: (raw: readonly RawFinding[]) => CheckFinding[],
  // Only a run shows everything that a waiver may be for.
  wasRun: boolean,
): Allowed {
  const up = readWaivers(read.text ?? "", statementLines(read, undefined));
  const down = readWaivers(read.downText ?? "", statementLines(read, downFile ?? undefined));
  if (up.waivers.length + down.waivers.length + up.flaws.length + down.flaws.length === 0)
    return { findings, waived: [] };
  const used = new Set<Waiver>();
  const left: CheckFinding[] = [];
  const waived: WaivedFinding[] = [];
  for (const finding of findings) {
    const waivers = finding.file === undefined ? up.waivers : down.waivers;
    const fits = ({ rule, covers: [first, last] }: Waiver) =>
      rule === finding.rule && first <= finding.line && finding.line <= last;
    const waiver = waivers.find(fits);
    if (!waiver) left.push(finding);
    else {
      used.add(waiver);
      waived.push({ ...finding, reason: waiver.reason, waivedAt: waiver.line });
    }
  }
  const inFile = (file: string | undefined, { waivers, flaws }: ReturnType<typeof readWaivers>) =>
    [...flaws, ...waivers.filter((waiver) => wasRun && !used.has(waiver)).map(unusedWaiver)].map((flaw) => ({
      ...flaw,
      file,
    }));
  const flaws = finish([...inFile(undefined, up), ...inFile(downFile ?? undefined, down)]);
  const merged = [...left, ...flaws].sort(
    (a, b) => Number(a.file !== undefined) - Number(b.file !== undefined) || a.line - b.line,
  );
  return { findings: merged, waived };
}

function statementLines(read: ReadEntry, file: string | undefined): StatementLines[] {
  const { parts, entry } = read;
  if (entry.code) return [{ first: 1, last: Number.POSITIVE_INFINITY }];
  if (!parts) return [];
  const here = [parts.up, ...(parts.down ? [parts.down] : [])].filter(
    ({ section }) => (section.file === read.entry.path) === (file === undefined),
  );
  return here.flatMap(({ read: part }) =>
    part.ok
      ? part.value.statements.map(({ line, text }) => ({ first: line, last: line + text.split("\n").length - 1 }))
      : [],
  );
}

function lines(text: string | null): readonly string[] {
  return text === null ? [] : text.split("\n");
}
