import { judgeMigration } from "@change-mgmt/domain/schema/rules/judge.ts";
import type { MigrationReport } from "../rehearsal/report.ts";
import { EXPOSED_TOOLS } from "../sql/migration-tool.ts";
import { migrationFacts, statementFacts, withMeasured } from "../sql/rule-facts.ts";
import type { RawFinding } from "./findings.ts";
import type { ReadEntry } from "./read-entry.ts";

/** What the rules find in a migration: in what running it showed, or in its text alone where it was not run. */
export function judge(read: ReadEntry, report: MigrationReport | null, targetMajor: number | null): RawFinding[] {
  const up = read.parts?.up;
  if (!up?.read.ok) return [];
  const { text, statements } = up.read.value;
  const facts = withMeasured(statementFacts(text, statements, up.section.line), report?.statements ?? []);
  const exposed = EXPOSED_TOOLS.has(read.history.tool);
  const around = { transactional: read.transactional, exposed, targetMajor };
  const found = judgeMigration(migrationFacts(facts, around)).map(({ statement: _, ...finding }) => finding);
  return [...found, ...breakingChanges(read, report, found)];
}

/** What breaks by the comparison of the schema before and after, where no rule has said it of the same statement. */
function breakingChanges(read: ReadEntry, report: MigrationReport | null, found: readonly RawFinding[]): RawFinding[] {
  const statements = read.parts?.up.read.ok ? read.parts.up.read.value.statements : [];
  const said = new Set(found.filter(({ breaking }) => breaking).map(({ line }) => line));
  return (report?.schemaChange ?? []).flatMap(({ breaking, object, reason }): RawFinding[] => {
    if (!breaking) return [];
    const last = object.split(".").at(-1)!.replaceAll('"', "").toLowerCase();
    const speaking = statements.filter((statement) => wordsOf(statement.text).has(last));
    const { line = 1, column = 1 } = speaking.length === 1 ? speaking[0]! : {};
    if (said.has(line)) return [];
    return [
      { rule: "breaking-change", severity: "warning", breaking: true, line, column, message: `Breaking: ${reason}.` },
    ];
  });
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}_$]+/gu) ?? []);
}
