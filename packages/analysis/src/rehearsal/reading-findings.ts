import type { ExaminedStatement, ExaminedText } from "../sql/examine.ts";
import { type ExaminedMigration, type Finding, titleOf } from "./findings.ts";

/** What can be said of a migration without running it. An error among them means that it cannot be rehearsed as it is. */
export function readingFindings(migration: ExaminedMigration): Finding[] {
  return [
    ...partFindings("up", migration.up, migration.transactional),
    ...(migration.down === null ? [] : partFindings("down", migration.down, migration.transactional)),
  ];
}

/** The statements of both parts; none of a part that cannot be read. */
export function readParts({ up, down }: ExaminedMigration): Record<"up" | "down", readonly ExaminedStatement[]> {
  const statementsOf = (text: ExaminedText | null) => (text?.ok ? text.statements : []);
  return { up: statementsOf(up), down: statementsOf(down) };
}

function partFindings(part: "up" | "down", text: ExaminedText, transactional: boolean): Finding[] {
  if (!text.ok) {
    const { code, message, hint, span } = text.problem;
    return [errorAt({ rule: code.toLowerCase().replaceAll("_", "-"), part, span, message, hint })];
  }
  return text.statements.flatMap((statement) => statementFindings(part, statement, transactional));
}

function statementFindings(part: "up" | "down", statement: ExaminedStatement, transactional: boolean): Finding[] {
  const { span, kind } = statement;
  const words = kind.replaceAll("_", " ").toUpperCase();
  if (statement.controlsTransaction) {
    const message = `${words} would end or split the transaction of the migration.`;
    const hint = "Take it out; a migration already runs in one transaction.";
    return [errorAt({ rule: "transaction-control", part, span, message, hint })];
  }
  if (statement.transactional || !transactional) return [];
  const message = `Postgres refuses this ${words} inside a transaction.`;
  const hint = 'Take the mark "In one transaction" away, or put it into a migration of its own.';
  return [errorAt({ rule: "needs-no-transaction", part, span, message, hint })];
}

function errorAt(found: Pick<Finding, "rule" | "part" | "span" | "message" | "hint">): Finding {
  return { ...found, title: titleOf(found.rule), severity: "error", breaking: false, from: "reading" };
}
