import { outcomeFindings } from "../rehearsal/outcome-findings.ts";
import type { MigrationReport } from "../rehearsal/report.ts";
import { ONE_WAY_TOOLS } from "../sql/migration-tool.ts";
import type { RawFinding } from "./findings.ts";
import type { ReadEntry } from "./read-entry.ts";

/** What the rehearsal itself shows: a way there or back that fails, a way back that leaves something, or none at all. */
export function rehearsalFindings(
  read: ReadEntry,
  report: MigrationReport,
  downFile: string | undefined,
): RawFinding[] {
  const { up, down } = report.rehearsal;
  const said = {
    // That it was not run is said beside the findings, and what cannot be read is said by the reader.
    "up-not-rehearsable": true,
    "up-fails": read.broken !== null,
    "down-fails": read.parts?.down?.read.ok === false,
    "down-differs": false,
    "down-loses-data": false,
  };
  const found = outcomeFindings(report.rehearsal)
    .filter(({ rule }) => !said[rule])
    .map(({ line, part, ...finding }) => ({
      ...finding,
      ...(line === null ? downPlace(read) : atStatement(read, part, line)),
      part,
      ...(part === "down" ? { file: downFile } : {}),
    }));
  return down.outcome === "absent" && up.outcome === "ok" ? [...found, noWayBack(read)] : found;
}

function noWayBack({ history }: ReadEntry): RawFinding {
  const hint = ONE_WAY_TOOLS.has(history.tool)
    ? `${history.tool} knows none; keep one beside the migration and rehearse it, so that it is there when it is needed.`
    : "Write one, so that it can be rehearsed.";
  return { rule: "no-way-back", severity: "warning", line: 1, column: 1, message: "There is no way back.", hint };
}

function downPlace(read: ReadEntry) {
  const down = read.parts?.down;
  const first = down?.read.ok ? down.read.value.statements[0] : undefined;
  return { line: first?.line ?? down?.section.line ?? 1, column: first?.column ?? 1 };
}

function atStatement(read: ReadEntry, part: "up" | "down", line: number | null) {
  const section = read.parts?.[part];
  const statements = section?.read.ok ? section.read.value.statements : [];
  return { line: line ?? 1, column: statements.find((statement) => statement.line === line)?.column ?? 1 };
}
