import type { Rehearsal } from "../../data/types.ts";

/** What one statement did when it was rehearsed; times in milliseconds. */
export interface RehearsedStatement {
  readonly line: number;
  readonly kind: string;
  readonly outcome: string;
  readonly ms: number;
  readonly source?: string;
  readonly locks: readonly { readonly relation: string; readonly mode: string }[];
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
}

/** What a rule of judgement found, at a line of its part. */
export interface JudgedFinding {
  readonly rule: string;
  readonly title?: string | null;
  readonly severity: "error" | "warning" | "info";
  readonly breaking: boolean;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string;
}

/** The members of a rehearsal's report that are shown; any may be missing, as in those that were kept before there were rules. */
export interface RehearsalReport {
  readonly name?: string;
  readonly message?: string;
  readonly notes?: readonly string[];
  readonly engine?: { readonly name?: string; readonly postgres?: string | null };
  readonly statements?: readonly RehearsedStatement[];
  readonly downStatements?: readonly RehearsedStatement[];
  readonly rehearsal?: {
    readonly up?: { readonly outcome: string; readonly reason?: string | null; readonly line?: number | null };
    readonly down?: {
      readonly outcome: string;
      readonly reason?: string | null;
      readonly data?: string;
      readonly dataReason?: string | null;
      readonly differences?: readonly { readonly change: string; readonly object: string; readonly detail: string }[];
    };
  };
  readonly findings?: readonly JudgedFinding[] | null;
  readonly downFindings?: readonly JudgedFinding[] | null;
  readonly schemaChange?: readonly {
    readonly change: "added" | "removed" | "altered";
    /** Left out by earlier releases, as is `detail`. */
    readonly kind?: string;
    readonly object: string;
    readonly detail?: string;
    readonly reason: string;
    readonly breaking: boolean;
  }[];
}

/** The report of a rehearsal, as far as these pages know it. */
export function reportOf({ report }: Rehearsal): RehearsalReport {
  return report as RehearsalReport;
}

/** Locks that keep even readers away while they are held. */
export const KEEPS_READERS_AWAY = "AccessExclusiveLock";

/** A lock's mode as Postgres writes it in its documentation: `ACCESS EXCLUSIVE`. */
export function lockWords(mode: string): string {
  return mode
    .replace(/Lock$/, "")
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toUpperCase();
}

const VERDICTS: Readonly<Record<string, readonly [words: string, kind: "good" | "attention" | "stopped"]>> = {
  exact: ["restores the schema exactly", "good"],
  "column-order": ["restores the schema but for the order of columns", "attention"],
  differs: ["does not restore the schema", "stopped"],
  fails: ["fails", "stopped"],
  absent: ["there is none", "attention"],
  "not-rehearsable": ["could not be rehearsed", "attention"],
};

/** What the way back came to, in words, with what kind of state that is. */
export function rollbackVerdict(outcome: string): readonly [words: string, kind: "good" | "attention" | "stopped"] {
  return VERDICTS[outcome] ?? [outcome.replaceAll("-", " "), "attention"];
}
