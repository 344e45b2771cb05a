import type { ExaminedStatement, ExaminedText, Span } from "../sql/examine.ts";
import { readParts } from "./reading-findings.ts";
import type { MigrationReport, StatementReport } from "./report.ts";

/** One thing found in a migration that is being written, at its exact place where it has one. */
export interface Finding {
  readonly code: string;
  /** An error keeps the migration from working; a warning is to be looked at. */
  readonly severity: "error" | "warning";
  readonly part: "up" | "down";
  readonly span: Span | null;
  readonly message: string;
  readonly hint: string | null;
}

/** A migration's texts after they were read; `down` is null where there is none. */
export interface ExaminedMigration {
  readonly transactional: boolean;
  readonly up: ExaminedText;
  readonly down: ExaminedText | null;
}

const NOBODY_MEANWHILE = "AccessExclusiveLock";

/** What a rehearsal has found, each at the statement it is about. */
export function rehearsalFindings(migration: ExaminedMigration, report: MigrationReport): Finding[] {
  const { up, down } = report.rehearsal;
  const parts = readParts(migration);
  const found: Finding[] = [];
  if (up.outcome !== "ok") {
    found.push({
      code: up.outcome === "fails" ? "UP_FAILS" : "UP_NOT_REHEARSABLE",
      severity: up.outcome === "fails" ? "error" : "warning",
      part: "up",
      span: stoppedAt(parts.up, report.statements, up.line),
      message: up.outcome === "fails" ? `It fails: ${up.reason}.` : `It could not be rehearsed: ${up.reason}.`,
      hint: null,
    });
  }
  if (down.outcome === "fails") {
    found.push({
      code: "DOWN_FAILS",
      severity: "error",
      part: "down",
      span: stoppedAt(parts.down, report.downStatements, down.line),
      message: `The way back fails: ${down.reason}.`,
      hint: null,
    });
  }
  if (down.outcome === "differs") {
    const left = down.differences.map(({ object, detail }) => `${object}: ${detail}`).join("; ");
    found.push({
      code: "DOWN_DIFFERS",
      severity: "error",
      part: "down",
      span: null,
      message: `The way back leaves a difference: ${left}.`,
      hint: "Take back everything that the way there does, in the opposite order.",
    });
  }
  found.push(...breakingFindings(parts.up, report), ...rewriteFindings(parts.up, report.statements));
  return found;
}

function breakingFindings(statements: readonly ExaminedStatement[], report: MigrationReport): Finding[] {
  return report.schemaChange
    .filter(({ breaking }) => breaking)
    .map(({ object, reason }) => ({
      code: "BREAKING",
      severity: "warning",
      part: "up",
      span: causeOf(statements, object)?.span ?? null,
      message: `Breaking: ${reason}.`,
      hint: null,
    }));
}

/** The one statement that speaks of an object by its last name and of what it belongs to; none where several do or none does. */
function causeOf(statements: readonly ExaminedStatement[], object: string): ExaminedStatement | undefined {
  const names = object.split(".").map((name) => name.replaceAll('"', "").toLowerCase());
  const last = names.at(-1)!;
  const speaking = statements.filter(({ text, relations, kind }) => {
    if (kind === "select" || !wordsOf(text).has(last)) return false;
    return relations.length === 0 || relations.some((relation) => names.includes(relation.toLowerCase()));
  });
  return speaking.length === 1 ? speaking[0] : undefined;
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}_$]+/gu) ?? []);
}

function rewriteFindings(
  statements: readonly ExaminedStatement[],
  reports: readonly StatementReport[],
): readonly Finding[] {
  return reports.flatMap(({ rewrites, locks }, at): Finding[] => {
    if (rewrites.length === 0) return [];
    const away = rewrites.every((relation) =>
      locks.some((lock) => lock.relation === relation && lock.mode === NOBODY_MEANWHILE),
    );
    const message = `Rewrites ${rewrites.join(", ")} row by row${away ? "; nobody can read or write there meanwhile" : ""}.`;
    const hint = "On a large table add the new beside the old, fill it in batches, then switch.";
    return [{ code: "REWRITES", severity: "warning", part: "up", span: statements[at]?.span ?? null, message, hint }];
  });
}

/** Where a run stopped: at the statement that was reported as not done, else at the one of that line that was not reported. */
function stoppedAt(
  statements: readonly ExaminedStatement[],
  reports: readonly StatementReport[],
  line: number | null,
): Span | null {
  const last = reports.at(-1);
  if (last !== undefined && last.outcome !== "ok") return statements[reports.length - 1]?.span ?? null;
  const onLine = statements.filter(({ span }) => span.line === line);
  return (onLine.find((statement) => statements.indexOf(statement) >= reports.length) ?? onLine.at(-1))?.span ?? null;
}
