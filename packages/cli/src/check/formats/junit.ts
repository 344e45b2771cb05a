import type { CheckedFile, CheckFinding, CheckReport } from "@change-mgmt/analysis/check/report.ts";
import { sentence } from "./sentence.ts";

/** The report as JUnit XML: a case for each migration, failed with an error or a way there that fails, skipped where nothing was run. */
export function junit({ files }: CheckReport): string {
  const failures = files.filter(fails).length;
  const skipped = files.filter((file) => !fails(file) && isSkipped(file)).length;
  const counts = `tests="${files.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
  const cases = files.map((file) => testCase(file)).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}>\n  <testsuite name="change-mgmt check" ${counts}>\n${cases}  </testsuite>\n</testsuites>\n`;
}

function fails({ findings, rehearsal }: CheckedFile): boolean {
  return rehearsal.up.outcome === "fails" || findings.some(({ severity }) => severity === "error");
}

function isSkipped({ rehearsal }: CheckedFile): boolean {
  return rehearsal.up.outcome === "not-rehearsable";
}

function testCase(file: CheckedFile): string {
  const { path, tool, findings, rehearsal } = file;
  const errors = findings.filter(({ severity }) => severity === "error");
  const others = findings.filter(({ severity }) => severity !== "error");
  const inside: string[] = [];
  if (fails(file)) {
    const message = errors[0]?.message ?? `It fails: ${rehearsal.up.reason}.`;
    const type = errors[0]?.rule ?? "up-fails";
    inside.push(`<failure type="${xml(type)}" message="${xml(message)}">${xml(said(path, errors))}</failure>`);
  } else if (isSkipped(file)) {
    inside.push(`<skipped message="${xml(`not rehearsed: ${rehearsal.up.reason}`)}"/>`);
  }
  if (others.length > 0) inside.push(`<system-out>${xml(said(path, others))}</system-out>`);
  const body = inside.length > 0 ? `>\n      ${inside.join("\n      ")}\n    </testcase>` : "/>";
  return `    <testcase classname="${xml(tool)}" name="${xml(path)}" file="${xml(path)}"${body}\n`;
}

function said(path: string, findings: readonly CheckFinding[]): string {
  return findings
    .map((finding) => {
      const { file, line, column, severity, rule } = finding;
      return `${file ?? path}:${line}:${column}: ${severity} ${rule}: ${sentence(finding)}`;
    })
    .join("\n");
}

/** A text inside XML, which knows no control characters but tab and line ends. */
export function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
