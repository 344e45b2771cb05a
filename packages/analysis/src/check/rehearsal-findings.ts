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
  const found: RawFinding[] = [];
  if (up.outcome === "fails" && read.broken === null) {
    found.push({
      ...atStatement(read, "up", up.line),
      rule: "up-fails",
      severity: "error",
      message: `It fails: ${up.reason}.`,
    });
  }
  if (down.outcome === "fails" && (read.parts?.down?.read.ok ?? true)) {
    const at = atStatement(read, "down", down.line);
    found.push({
      ...at,
      rule: "down-fails",
      severity: "error",
      message: `The way back fails: ${down.reason}.`,
      file: downFile,
    });
  }
  if (down.outcome === "differs") {
    const left = down.differences.map(({ object, detail }) => `${object}: ${detail}`).join("; ");
    found.push({
      ...downPlace(read),
      rule: "down-differs",
      severity: "error",
      message: `The way back leaves a difference: ${left}.`,
      hint: "Take back everything that the way there does, in the opposite order.",
      file: downFile,
    });
  }
  // Where the schema is another one, that rows are others says nothing more.
  if (down.data === "differs" && down.outcome !== "differs") {
    const message = `The way back does not bring the rows back: ${down.dataReason}.`;
    const hint = "Keep what is taken away in a table of its own until nobody wants to go back.";
    found.push({ ...downPlace(read), rule: "down-loses-data", severity: "warning", message, hint, file: downFile });
  }
  if (down.outcome === "absent" && up.outcome === "ok") found.push(noWayBack(read));
  return found;
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
