import { type Statement, splitStatements } from "../sql/statements.ts";
import type { MigrationDraft } from "./drafts.ts";
import type { Engine } from "./engine.ts";
import { RelationProbe } from "./probe.ts";
import type { StatementReport } from "./report.ts";
import { type RunEnd, runStatements } from "./run-statements.ts";

/** Who hears of one migration's rehearsal. */
export interface MigrationListener {
  doing(direction: "up" | "down" | "between", line: number | null, what: string): void;
  statement(direction: "up" | "down", report: StatementReport): void;
  draft(draft: Partial<MigrationDraft>): void;
}

/** In what state the engine is left, and whether only generated rows stood in the way. */
export interface MigrationEnd {
  readonly state: "before" | "after" | "unknown";
  readonly upOk: boolean;
  readonly failedOnData: boolean;
  /** Whether it has a way back that fails or leaves a difference. */
  readonly downWrong: boolean;
}

/** SQLSTATE classes of errors that depend on rows; a NOT NULL violation is left out because any row at all brings it about. */
const DATA_ERRORS = /^(?:22|23)(?!502)/;

/** Why a part cannot be read. */
export interface Unreadable {
  readonly line: number | null;
  readonly reason: string;
}

/** The statements of a part that begins at `line` of its file; none for a part that says nothing. */
export async function readStatements(sql: string, line?: number | null): Promise<readonly Statement[] | Unreadable> {
  const above = (line ?? 1) - 1;
  const split = await splitStatements(sql);
  if (!split.ok) {
    if (split.refusal.code === "SQL_EMPTY") return [];
    return { line: (split.refusal.place?.line ?? 1) + above, reason: split.refusal.message };
  }
  const statements = split.value.map((statement) => ({ ...statement, line: statement.line + above }));
  const control = statements.find((statement) => statement.controlsTransaction);
  if (!control) return statements;
  return {
    line: control.line,
    reason: `${control.kind.toUpperCase()} would end or split the transaction of the migration`,
  };
}

/** Runs the statements of a part and tells of each. */
export async function runPart(
  engine: Engine,
  direction: "up" | "down",
  statements: readonly Statement[],
  transactional: boolean,
  listener: MigrationListener,
): Promise<{ end: RunEnd; reports: StatementReport[] }> {
  const reports: StatementReport[] = [];
  if (statements.length === 0) return { end: { outcome: "ok" }, reports };
  const probe = await RelationProbe.watch(engine.query);
  const end = await runStatements(engine, probe, statements, transactional, {
    before: (statement) => listener.doing(direction, statement.line, statement.kind),
    after: (report) => {
      reports.push(report);
      listener.statement(direction, report);
    },
  });
  listener.doing("between", null, `comparing after ${direction}`);
  await engine.resetSession();
  return { end, reports };
}

/** Whether only rows stood in the way. */
export function isDataError(end: RunEnd): boolean {
  return end.outcome === "fails" && end.code !== null && DATA_ERRORS.test(end.code);
}
