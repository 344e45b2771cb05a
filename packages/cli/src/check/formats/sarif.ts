import { pathToFileURL } from "node:url";
import type { CheckFinding, WaivedFinding } from "@change-mgmt/analysis/check/report.ts";
import { VERSION } from "../../program.ts";
import type { FilesWithFindings } from "./files-with-findings.ts";
import { sentence } from "./sentence.ts";

const LEVELS = { error: "error", warning: "warning", info: "note" } as const;

/** The report as SARIF 2.1.0; waived findings are there as suppressed ones. */
export function sarif({ files }: FilesWithFindings): string {
  const all = files.flatMap((file) => [...file.findings, ...file.waived].map((finding) => ({ file, finding })));
  const rules = [...new Set(all.map(({ finding }) => finding.rule))].sort();
  const document = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "change-mgmt", version: VERSION, rules: rules.map((id) => ({ id })) } },
        columnKind: "unicodeCodePoints",
        results: all.map(({ file, finding }) => result(file, finding, rules)),
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function result(
  file: FilesWithFindings["files"][number],
  finding: CheckFinding | WaivedFinding,
  rules: readonly string[],
) {
  const { rule, severity, line, column, fingerprint } = finding;
  const uri = uriOf(finding.file ?? file.path);
  const region = { startLine: line, startColumn: column };
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level: LEVELS[severity],
    message: { text: sentence(finding) },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region } }],
    partialFingerprints: { "change-mgmt/v1": fingerprint },
    ...("reason" in finding
      ? { suppressions: [{ kind: file.waivers ?? "inSource", justification: finding.reason }] }
      : {}),
  };
}

function uriOf(path: string): string {
  return path.startsWith("/") ? pathToFileURL(path).href : path.split("/").map(encodeURIComponent).join("/");
}
