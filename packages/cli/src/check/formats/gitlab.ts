import type { FilesWithFindings } from "./files-with-findings.ts";
import { sentence } from "./sentence.ts";

const SEVERITIES = { error: "critical", warning: "minor", info: "info" } as const;

/** The report as a Code Quality document, which GitLab shows in merge requests. */
export function gitlab({ files }: FilesWithFindings): string {
  const issues = files.flatMap(({ path, findings }) =>
    findings.map((finding) => ({
      description: sentence(finding),
      check_name: finding.rule,
      fingerprint: finding.fingerprint,
      severity: SEVERITIES[finding.severity],
      location: { path: finding.file ?? path, lines: { begin: finding.line } },
    })),
  );
  return `${JSON.stringify(issues, null, 2)}\n`;
}
