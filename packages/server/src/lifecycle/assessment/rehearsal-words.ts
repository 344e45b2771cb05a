import { isSaid, titleOf } from "@change-mgmt/analysis/rehearsal/findings.ts";
import type { DownReport, MigrationReport, RehearsalReport } from "@change-mgmt/analysis/rehearsal/report.ts";

/** The report of one rehearsed migration with its outcome in words; without a known base a failure is not held against it. */
export function judgedMigration(migration: MigrationReport, report: RehearsalReport, baseKnown: boolean) {
  const { up, down } = migration.rehearsal;
  const unknownBase = up.outcome === "fails" && !baseKnown;
  const outcome =
    up.outcome === "ok"
      ? ("passed" as const)
      : up.outcome === "fails" && !unknownBase
        ? ("failed" as const)
        : ("not-rehearsable" as const);
  return {
    artifact: migration.id,
    outcome,
    report: {
      ...migration,
      findings: titled(migration.findings),
      downFindings: titled(migration.downFindings),
      engine: report.engine,
      rollback: down.outcome,
      breaking: migration.breaking,
      message: [
        upWords(migration, unknownBase),
        ...(report.engine.mismatch === null ? [] : [report.engine.mismatch]),
      ].join(" "),
      rollbackMessage: downWords(down),
    },
  };
}

/** What the rules found, each with its headline, as far as it is worth saying here. */
function titled(findings: MigrationReport["findings"]) {
  if (findings === null) return null;
  return findings.filter(isSaid).map((finding) => ({ ...finding, title: titleOf(finding.rule) }));
}

function upWords({ rehearsal: { up }, statements }: MigrationReport, unknownBase: boolean): string {
  if (unknownBase)
    return `It failed on an empty database (${up.reason}), and no history was imported to start on; \`config import\` hands it in.`;
  if (up.outcome !== "ok")
    return sentence(`${up.line === null ? "" : `line ${up.line}: `}${up.reason ?? "it could not be run"}`);
  return `${statements.length} statement${statements.length === 1 ? "" : "s"} ran.`;
}

function downWords(down: DownReport): string {
  const data = down.data === "differs" ? ` Data is lost on the way: ${down.dataReason}` : "";
  switch (down.outcome) {
    case "exact":
      return sentence(`Up and down again leave the schema as it was.${data}`);
    case "column-order":
      return sentence(`Up and down again leave the schema as it was but for the order of columns.${data}`);
    case "differs":
      return sentence(
        `The rollback leaves a difference: ${down.differences.map(({ detail, object }) => `${object}: ${detail}`).join("; ")}`,
      );
    case "fails":
      return sentence(`The rollback fails${down.line === null ? "" : ` in line ${down.line}`}: ${down.reason}`);
    case "not-rehearsable":
      return sentence(`The rollback could not be rehearsed: ${down.reason}`);
    case "absent":
      return "There is no rollback.";
  }
}

function sentence(text: string): string {
  return /[.!?:)]$/.test(text) ? text : `${text}.`;
}
