import { judgeMigration } from "@change-mgmt/domain/schema/rules/judge.ts";
import type { MigrationReport } from "../rehearsal/report.ts";
import { EXPOSED_TOOLS } from "../sql/migration-tool.ts";
import { migrationFacts, statementFacts } from "../sql/rule-facts.ts";
import type { RawFinding } from "./findings.ts";
import type { ReadEntry } from "./read-entry.ts";

/** What the rules find in a migration: in what running it showed, or in its text alone where it was not run. */
export function judge(read: ReadEntry, report: MigrationReport | null, targetMajor: number | null): RawFinding[] {
  const up = read.parts?.up;
  if (!up?.read.ok) return [];
  const { text, statements } = up.read.value;
  const readAlone = () =>
    judgeMigration(
      migrationFacts(statementFacts(text, statements, up.section.line), { ...aroundOf(read), targetMajor }),
    );
  return (report?.findings ?? readAlone())
    .filter(({ rule }) => !SAID_BY_READING.has(rule))
    .map(({ statement: _, ...finding }) => finding);
}

/** What reading the file says already, in words that know the tool. */
const SAID_BY_READING: ReadonlySet<string> = new Set(["transaction-control", "needs-no-transaction"]);

/** What the rules are told of a migration besides its statements. */
export function aroundOf({ history, transactional }: Pick<ReadEntry, "history" | "transactional">) {
  return { transactional, exposed: EXPOSED_TOOLS.has(history.tool) };
}
