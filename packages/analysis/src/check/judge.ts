import type { MigrationReport } from "../rehearsal/report.ts";
import type { RawFinding } from "./findings.ts";
import type { ReadEntry } from "./read-entry.ts";

/** What the rules find in a migration: in what running it showed, or in its text alone where it was not run. */
export function judge(read: ReadEntry, report: MigrationReport | null): RawFinding[] {
  const statements = read.parts?.up.read.ok ? read.parts.up.read.value.statements : [];
  return (report?.schemaChange ?? [])
    .filter(({ breaking }) => breaking)
    .map(({ object, reason }) => {
      const last = object.split(".").at(-1)!.replaceAll('"', "").toLowerCase();
      const speaking = statements.filter(({ text }) => text.toLowerCase().includes(last));
      const { line = 1, column = 1 } = speaking.length === 1 ? speaking[0]! : {};
      return {
        rule: "breaking-change",
        severity: "warning",
        breaking: true,
        line,
        column,
        message: `Breaking: ${reason}.`,
      };
    });
}
