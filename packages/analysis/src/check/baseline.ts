import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { CheckedFile, CheckFinding } from "./report.ts";

/** Findings that are known and no longer said, by fingerprint. */
export type Baseline = ReadonlySet<string>;

interface BaselineFile {
  readonly version: 1;
  readonly findings: readonly { readonly file: string; readonly rule: string; readonly fingerprint: string }[];
}

/** Reads what writeBaseline wrote. Refuses with BASELINE_INVALID. */
export function readBaseline(text: string, file: string): Outcome<Baseline> {
  const invalid = (why: string) =>
    refuse("BASELINE_INVALID", `${file} is not a baseline: ${why}.`, "Write it with --write-baseline.", {
      place: { file },
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return invalid("it is not JSON");
    throw error;
  }
  const { version, findings } = (value ?? {}) as Partial<BaselineFile>;
  if (version !== 1 || !Array.isArray(findings)) return invalid("version 1 with findings is expected");
  const fingerprints = findings.map((finding) => (finding as { fingerprint?: unknown } | null)?.fingerprint);
  if (!fingerprints.every((fingerprint) => typeof fingerprint === "string"))
    return invalid("a finding has no fingerprint");
  return accept(new Set(fingerprints as string[]));
}

/** The findings of a check as a file, sorted, one a line, so that it reads well in a review. */
export function writeBaseline(files: readonly CheckedFile[]): string {
  const rows = files.flatMap(({ path, findings }) =>
    findings.map(({ rule, fingerprint, file }) => ({ file: file ?? path, rule, fingerprint })),
  );
  rows.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0));
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`);
  return `{\n  "version": 1,\n  "findings": [${lines.length > 0 ? `\n${lines.join(",\n")}\n  ` : ""}]\n}\n`;
}

/** Parts findings into those that are new and the number of those that are known. */
export function withoutKnown(findings: readonly CheckFinding[], baseline: Baseline | null) {
  if (!baseline) return { findings, known: 0 };
  const fresh = findings.filter(({ fingerprint }) => !baseline.has(fingerprint));
  return { findings: fresh, known: findings.length - fresh.length };
}
