import type { SchemaModel } from "@change-mgmt/domain/schema/model.ts";
import type { RuleFinding } from "@change-mgmt/domain/schema/rules/facts.ts";
import { judgeMigration } from "@change-mgmt/domain/schema/rules/judge.ts";
import { judgeWayBack } from "@change-mgmt/domain/schema/rules/way-back.ts";
import { migrationFacts, statementFacts, withMeasured } from "../sql/rule-facts.ts";
import { type Statement, splitStatements } from "../sql/statements.ts";
import type { MigrationReport, RehearsalMigration, StatementReport } from "./report.ts";

/** What running a part showed; the schemas before and after it as far as they were reached. */
export interface Seen {
  readonly reports: readonly StatementReport[];
  readonly before?: SchemaModel | null;
  readonly after?: SchemaModel | null;
}

const NOTHING_SEEN: Seen = { reports: [] };

/** What the rules find in the way there. */
export function judgeUp(migration: RehearsalMigration, statements: readonly Statement[], seen: Seen): RuleFinding[] {
  return judgeMigration(factsOf(migration, "up", statements, seen));
}

/** What the rules find in the way back. */
export function judgeDown(migration: RehearsalMigration, statements: readonly Statement[], seen: Seen): RuleFinding[] {
  return judgeWayBack(factsOf(migration, "down", statements, seen));
}

/** What the rules find in the texts of a migration that is not run; null for a part that is not there or cannot be read. */
export async function judgeText(
  migration: RehearsalMigration,
): Promise<Pick<MigrationReport, "findings" | "downFindings">> {
  const up = await splitStatements(migration.up);
  const down = migration.down === null ? null : await splitStatements(migration.down);
  return {
    findings: up.ok ? judgeUp(migration, up.value, NOTHING_SEEN) : null,
    downFindings: down?.ok ? judgeDown(migration, down.value, NOTHING_SEEN) : null,
  };
}

function factsOf(
  migration: RehearsalMigration,
  part: "up" | "down",
  statements: readonly Statement[],
  { reports, before = null, after = null }: Seen,
) {
  const { transactional, around } = migration;
  const text = migration[part] ?? "";
  const firstLine = (part === "up" ? migration.upLine : migration.downLine) ?? 1;
  const facts = withMeasured(statementFacts(text, statements, firstLine), reports);
  return migrationFacts(facts, { transactional, ...around, before, after });
}
