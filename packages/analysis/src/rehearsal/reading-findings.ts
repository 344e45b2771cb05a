import type { ExaminedStatement, ExaminedText } from "../sql/examine.ts";
import type { ExaminedMigration, Finding } from "./findings.ts";

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
    return [{ code, severity: "error", part, span, message, hint }];
  }
  return text.statements.flatMap((statement) => statementFindings(part, statement, transactional));
}

function statementFindings(part: "up" | "down", statement: ExaminedStatement, transactional: boolean): Finding[] {
  const { span, kind } = statement;
  const words = kind.replaceAll("_", " ").toUpperCase();
  if (statement.controlsTransaction) {
    return [
      {
        code: "TRANSACTION_CONTROL",
        severity: "error",
        part,
        span,
        message: `${words} would end or split the transaction of the migration.`,
        hint: "Take it out; a migration already runs in one transaction.",
      },
    ];
  }
  if (statement.transactional || !transactional) return [];
  return [
    {
      code: "NEEDS_NO_TRANSACTION",
      severity: "error",
      part,
      span,
      message: `Postgres refuses this ${words} inside a transaction.`,
      hint: 'Take the mark "In one transaction" away, or put it into a migration of its own.',
    },
  ];
}
