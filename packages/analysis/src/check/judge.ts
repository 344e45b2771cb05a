import type { MigrationFacts, RuleFinding } from "@change-mgmt/domain/schema/rules/facts.ts";
import { SAID_BY_READING } from "../rehearsal/findings.ts";
import type { MigrationReport } from "../rehearsal/report.ts";
import type { MigrationPart } from "../sql/migration-parts.ts";
import { EXPOSED_TOOLS } from "../sql/migration-tool.ts";
import { migrationFacts, statementFacts } from "../sql/rule-facts.ts";
import type { RawFinding } from "./findings.ts";
import type { ReadEntry } from "./read-entry.ts";

/** What the rules find in a migration and its way back: in what running it showed, or in its text alone where it was not run. */
export async function judge(
  read: ReadEntry,
  report: MigrationReport | null,
  targetMajor: number | null,
  downFile: string | undefined,
): Promise<RawFinding[]> {
  const alone = (part: MigrationPart | null | undefined, rules: (facts: MigrationFacts) => RuleFinding[]) => {
    if (!part?.read.ok) return [];
    const { text, statements } = part.read.value;
    const around = { ...aroundOf(read), targetMajor };
    return rules(migrationFacts(statementFacts(text, statements, part.section.line), around));
  };
  const { up, down } = read.parts ?? { up: null, down: null };
  if (!up?.read.ok) return [];
  // Where everything ran the rules were asked there, and need not be loaded here.
  const there =
    report?.findings ?? alone(up, (await import("@change-mgmt/domain/schema/rules/judge.ts")).judgeMigration);
  const back =
    report?.downFindings ?? alone(down, (await import("@change-mgmt/domain/schema/rules/way-back.ts")).judgeWayBack);
  return [
    ...unsaid(there).map((finding) => ({ ...finding, part: "up" as const })),
    ...unsaid(back).map((finding) => ({ ...finding, part: "down" as const, file: downFile })),
  ];
}

/** Without what reading the file says already, in words that know the tool. */
function unsaid(findings: readonly RuleFinding[]): RawFinding[] {
  return findings.filter(({ rule }) => !SAID_BY_READING.has(rule)).map(({ statement: _, ...finding }) => finding);
}

/** What the rules are told of a migration besides its statements. */
export function aroundOf({ history, transactional }: Pick<ReadEntry, "history" | "transactional">) {
  return { transactional, exposed: EXPOSED_TOOLS.has(history.tool) };
}
