import type { CheckedFile, CheckReport, Severity } from "./report.ts";

/** Counts what was found. */
export function summaryOf(files: readonly CheckedFile[]): CheckReport["summary"] {
  const sum = (of: (file: CheckedFile) => number) => files.reduce((total, file) => total + of(file), 0);
  const severe = (severity: Severity) =>
    sum(({ findings }) => findings.filter((each) => each.severity === severity).length);
  const ended = (outcome: string) => sum(({ rehearsal }) => Number(rehearsal.up.outcome === outcome));
  return {
    files: files.length,
    errors: severe("error"),
    warnings: severe("warning"),
    infos: severe("info"),
    waived: sum(({ waived }) => waived.length),
    known: sum(({ known }) => known),
    ran: ended("ok"),
    failed: ended("fails"),
    notRehearsed: ended("not-rehearsable"),
  };
}
