import type { CheckReport } from "@change-mgmt/analysis/check/report.ts";

const SEVERITIES = { error: "critical", warning: "minor", info: "info" } as const;

/** The report as a Code Quality document, which GitLab shows in merge requests. */
export function gitlab({ files }: CheckReport): string {
  const issues = files.flatMap(({ path, findings }) =>
    findings.map(({ severity, rule, file, line, message, hint, fingerprint }) => ({
      description: hint === "" ? message : `${message} ${hint}`,
      check_name: rule,
      fingerprint,
      severity: SEVERITIES[severity],
      location: { path: file ?? path, lines: { begin: line } },
    })),
  );
  return `${JSON.stringify(issues, null, 2)}\n`;
}
