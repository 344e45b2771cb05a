import { hash } from "node:crypto";
import type { Refusal } from "@change-mgmt/domain/change/refusal.ts";
import type { CheckFinding, Severity } from "./report.ts";

/** A finding before it knows what tells it from others. */
export interface RawFinding extends Omit<CheckFinding, "fingerprint" | "breaking" | "part" | "hint" | "file"> {
  /** The way there unless said, and the way back where it stands in a file of its own. */
  readonly part?: "up" | "down";
  readonly breaking?: boolean;
  readonly hint?: string;
  readonly file?: string | undefined;
}

/** A refusal of a reader as a finding: its code in the spelling of rules, at its place. */
export function findingOf(refusal: Refusal, severity: Severity, file?: string): RawFinding {
  const { code, message, hint, place } = refusal;
  const rule = code.toLowerCase().replaceAll("_", "-");
  return { rule, severity, line: place?.line ?? 1, column: place?.column ?? 1, message, hint, file };
}

/**
 * Findings in the order of their places, each once, with its fingerprint: of the file, the rule, the text of its line and which of several alike
 * it is. An edit elsewhere in the file, which moves lines, does not change it.
 */
export function finished(
  path: string,
  findings: readonly RawFinding[],
  lineText: (file: string | undefined, line: number) => string,
): CheckFinding[] {
  const seen = new Map<string, number>();
  const said = new Set<string>();
  const inOrder = [...findings].sort(
    (a, b) => Number(a.file !== undefined) - Number(b.file !== undefined) || a.line - b.line || a.column - b.column,
  );
  return inOrder.flatMap(({ file, breaking = false, hint = "", ...finding }) => {
    const part = finding.part ?? (file === undefined ? "up" : "down");
    const sentence = JSON.stringify([file, part, finding.rule, finding.line, finding.column, finding.message]);
    if (said.has(sentence)) return [];
    said.add(sentence);
    const about = JSON.stringify([
      file ?? path,
      finding.rule,
      lineText(file, finding.line).trim().replace(/\s+/g, " "),
    ]);
    const nth = seen.get(about) ?? 0;
    seen.set(about, nth + 1);
    const fingerprint = hash("sha256", `${about}#${nth}`).slice(0, 16);
    return [{ ...finding, part, breaking, hint, ...(file === undefined ? {} : { file }), fingerprint }];
  });
}
