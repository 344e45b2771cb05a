import type { HistoryEntry, MigrationHistory } from "../sql/histories/history.ts";
import type { MigrationTool } from "../sql/migration-tool.ts";
import type { RawFinding } from "./findings.ts";

/** Tools that refuse to start when two migrations have one version. */
const REFUSES_TWINS: ReadonlySet<MigrationTool> = new Set(["goose", "golang-migrate", "flyway", "dbmate"]);

/** What the names of a history's migrations show: versions that stand twice, and times that no clock shows. */
export function versionFindings(history: MigrationHistory): Map<HistoryEntry, RawFinding[]> {
  const found = new Map<HistoryEntry, RawFinding[]>();
  const first = new Map<string, HistoryEntry>();
  for (const entry of history.entries) {
    if (entry.version === null) continue;
    const version = comparable(entry.version, history.tool);
    const twin = first.get(version);
    const findings: RawFinding[] = [];
    if (twin) findings.push(twinFinding(entry, twin, history.tool));
    else first.set(version, entry);
    const wrong = notATime(entry.version);
    if (wrong !== null) findings.push(timeFinding(entry.version, wrong));
    if (findings.length > 0) found.set(entry, findings);
  }
  return found;
}

/** goose, golang-migrate and Flyway count; the others compare text. */
function comparable(version: string, tool: MigrationTool): string {
  return tool === "goose" || tool === "golang-migrate" || tool === "flyway"
    ? version.replace(/^0+(?=\d)/, "")
    : version;
}

function twinFinding(entry: HistoryEntry, twin: HistoryEntry, tool: MigrationTool): RawFinding {
  return {
    rule: "duplicate-version",
    severity: REFUSES_TWINS.has(tool) ? "error" : "warning",
    line: 1,
    column: 1,
    message: `${entry.name} has the version ${entry.version} of ${twin.name}: a tool applies only one of them, or refuses both.`,
    hint: "Give it a version of its own.",
  };
}

function timeFinding(version: string, wrong: string): RawFinding {
  return {
    rule: "version-not-a-time",
    severity: "info",
    line: 1,
    column: 1,
    message: `The version ${version} looks like a time, and ${wrong}.`,
    hint: "It is taken as it is; the order is what counts.",
  };
}

/** What is wrong with fourteen digits as a time, YYYYMMDDHHMMSS; null where nothing is, or where they are not meant as one. */
function notATime(version: string): string | null {
  const digits = /^((?:19|20)\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?!\d)/.exec(version);
  if (!digits) return null;
  const [year, month, day, hour, minute, second] = digits.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12) return `there is no month ${digits[2]}`;
  if (day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return `there is no day ${digits[3]} in it`;
  if (hour > 23) return `there is no hour ${digits[4]}`;
  if (minute > 59) return `there is no minute ${digits[5]}`;
  return second > 59 ? `there is no second ${digits[6]}` : null;
}
