import { RULES } from "@change-mgmt/domain/schema/rules/all.ts";
import type { RuleFinding, Severity } from "@change-mgmt/domain/schema/rules/facts.ts";
import type { ExaminedStatement, ExaminedText, Span } from "../sql/examine.ts";
import { wordAt } from "../sql/word-at.ts";
import { outcomeFindings } from "./outcome-findings.ts";
import { readParts } from "./reading-findings.ts";
import type { MigrationReport, StatementReport } from "./report.ts";

/** One thing found in a migration that is being written, at its exact place where it has one. */
export interface Finding {
  /** Its name in kebab-case: that of a rule of judgement, or of what reading or running showed, such as `up-fails`. */
  readonly rule: string;
  /** The headline of a rule of judgement; null for what reading or running shows by itself. */
  readonly title: string | null;
  /** An error breaks something or keeps the migration from working; a warning is to be looked at; an info is worth knowing. */
  readonly severity: Severity;
  readonly breaking: boolean;
  /** Whether it was found by reading, before anything ran. */
  readonly from: "reading" | "rehearsal";
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
  readonly texts: { readonly up: string; readonly down: string | null };
}

/** What reading says already, of each part in the words of the reader. */
export const SAID_BY_READING: ReadonlySet<string> = new Set(["transaction-control", "needs-no-transaction"]);

/** What a migration of a change needs not be told: a deployment sets a limit for locks itself. */
const SEEN_TO: ReadonlySet<string> = new Set([...SAID_BY_READING, "missing-lock-timeout"]);

/** Whether a rule's finding is worth saying of a migration that is deployed from here. */
export function isSaid({ rule }: Pick<RuleFinding, "rule">): boolean {
  return !SEEN_TO.has(rule);
}

const TITLES: ReadonlyMap<string, string> = new Map(RULES.map(({ id, title }) => [id, title]));

/** The headline of a rule of judgement; null for any other name. */
export function titleOf(rule: string): string | null {
  return TITLES.get(rule) ?? null;
}

/** What a rehearsal has found, the rules of judgement among it, each at the statement it is about. */
export function rehearsalFindings(migration: ExaminedMigration, report: MigrationReport): Finding[] {
  const parts = readParts(migration);
  const ran = { up: report.statements, down: report.downStatements };
  const own = outcomeFindings(report.rehearsal).map(
    ({ line, hint, ...finding }): Finding => ({
      ...finding,
      title: null,
      breaking: false,
      from: "rehearsal",
      span: line === null ? null : stoppedAt(parts[finding.part], ran[finding.part], line),
      hint: hint === "" ? null : hint,
    }),
  );
  const judged = (part: "up" | "down", findings: readonly RuleFinding[] | null) =>
    (findings ?? []).filter(isSaid).map(
      ({ rule, severity, breaking, message, hint, ...at }): Finding => ({
        rule,
        title: titleOf(rule),
        severity,
        breaking,
        from: "rehearsal",
        part,
        span: spanOf(migration.texts[part] ?? "", parts[part], at),
        message: `${message}.`,
        hint,
      }),
    );
  return [...own, ...judged("up", report.findings), ...judged("down", report.downFindings)];
}

/** The statement where a rule points at its beginning, else the word it points at; rules count code points, editors UTF-16 units. */
function spanOf(
  text: string,
  statements: readonly ExaminedStatement[],
  { statement, line, column }: Pick<RuleFinding, "statement" | "line" | "column">,
): Span | null {
  const points = [...(text.split("\n")[line - 1] ?? "")].slice(0, column - 1);
  const units = points.join("").length + 1;
  const whole = statements[statement]?.span ?? null;
  return whole?.line === line && whole.column === units ? whole : wordAt(text, line, units);
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
