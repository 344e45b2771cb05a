import type { DifferenceReport, DownReport, RelationLock, UpReport, WayBackProposal } from "../rehearsal/report.ts";
import type { MigrationTool } from "../sql/migration-tool.ts";

export type Severity = "error" | "warning" | "info";

/** One thing found in a file. Lines and columns are 1-based; columns count characters, as people see them. */
export interface CheckFinding {
  /** The rule's name in kebab-case, such as `drop-column`. */
  readonly rule: string;
  readonly severity: Severity;
  /** Whether somebody who reads or writes what is there would fail afterwards. */
  readonly breaking: boolean;
  /** `down` where it is about the way back. */
  readonly part: "up" | "down";
  /** The file it stands in, where that is not the file with the way there. */
  readonly file?: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string;
  /** What tells it from others of the same file across edits elsewhere in it: 16 hex digits. */
  readonly fingerprint: string;
}

/** A finding that somebody has allowed, with the reason. */
export interface WaivedFinding extends CheckFinding {
  readonly reason: string;
  /** Line of the waiver. */
  readonly waivedAt: number;
}

/** What one statement did, or `not-run`. Relations are qualified names. */
export interface CheckedStatement {
  readonly line: number;
  readonly kind: string;
  readonly outcome: "ok" | "fails" | "not-rehearsable" | "not-run";
  readonly ms: number;
  readonly source: "measured" | "known" | "read";
  readonly locks: readonly RelationLock[];
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
}

/** What was found out about one migration. */
export interface CheckedFile {
  /** Relative to the working folder where it is below it. */
  readonly path: string;
  readonly tool: MigrationTool;
  readonly transactional: boolean;
  /** The file with the way back where that is another one. */
  readonly down: string | null;
  readonly statements: readonly CheckedStatement[];
  readonly downStatements: readonly CheckedStatement[];
  readonly findings: readonly CheckFinding[];
  readonly waived: readonly WaivedFinding[];
  /** How many further findings the baseline knows. */
  readonly known: number;
  readonly rehearsal: {
    readonly up: UpReport;
    readonly down: Omit<DownReport, "differences"> & { readonly differences: readonly DifferenceReport[] };
  };
  /** The way back that could be written where there is none or a wrong one; null where none was asked for, or none is needed. */
  readonly proposal: WayBackProposal | null;
  /** What was not looked at, in sentences. */
  readonly notes: readonly string[];
}

/** The migrations of one tool in one folder, and how many of them were looked at. */
export interface CheckedHistory {
  readonly tool: MigrationTool;
  readonly folder: string;
  readonly migrations: number;
  /** How many were looked at. */
  readonly checked: number;
  /** How many were rehearsed one by one; those before them made the state they start on. */
  readonly rehearsed: number;
  readonly aside: readonly { readonly path: string; readonly why: string }[];
  readonly notes: readonly string[];
}

/** What `check` found out. */
export interface CheckReport {
  /** False with a finding of severity error or an up that fails. */
  readonly ok: boolean;
  readonly engine: {
    /** `none` when nothing was rehearsed. */
    readonly name: "pglite" | "postgres" | "none";
    readonly postgres: string | null;
    /** In a sentence, how it differs from the version that was asked for; null when it does not. */
    readonly mismatch: string | null;
  };
  readonly files: readonly CheckedFile[];
  readonly histories: readonly CheckedHistory[];
  readonly summary: {
    readonly files: number;
    readonly errors: number;
    readonly warnings: number;
    readonly infos: number;
    readonly waived: number;
    readonly known: number;
    /** Migrations that ran, that failed, and of which nothing is known because they were not run. */
    readonly ran: number;
    readonly failed: number;
    readonly notRehearsed: number;
  };
  readonly notes: readonly string[];
}
