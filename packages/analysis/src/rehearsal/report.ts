import type { SchemaEquality } from "@change-mgmt/domain/schema/diff.ts";
import type { ObjectKind } from "@change-mgmt/domain/schema/model.ts";
import type { MigrationFacts, RuleFinding } from "@change-mgmt/domain/schema/rules/facts.ts";

/** A migration that the base was built by: the text of its file, or what was read from it. */
export type BaseFile =
  | { readonly name: string; readonly sql: string }
  | { readonly name: string; readonly up: string; readonly transactional: boolean; readonly upLine?: number };

/** Where the schema comes from that a migration starts on: files in order. */
export type RehearsalBase = readonly BaseFile[];

export interface RehearsalMigration {
  readonly id: string;
  readonly name: string;
  readonly up: string;
  readonly down: string | null;
  /** False for a file whose statements run alone, outside a transaction. */
  readonly transactional: boolean;
  /** Lines of the file at which `up` and `down` begin, so that reports name lines of the file; 1 unless said. */
  readonly upLine?: number;
  readonly downLine?: number | null;
  /** What the rules are told besides what running it shows; that nothing more is known unless said. */
  readonly around?: Partial<Pick<MigrationFacts, "transactional" | "exposed" | "targetMajor">>;
}

export interface RehearsalLimits {
  /** Milliseconds one statement may take; 30,000 unless said. */
  readonly statementMs?: number;
  /** Milliseconds the whole rehearsal may take, engine start included; 120,000 unless said. */
  readonly totalMs?: number;
  /** Mebibytes by which the rehearsal's process may grow once the engine runs, and before that; 2,048 unless said. */
  readonly memoryMb?: number;
}

/** What a rehearsal runs on. */
export interface RehearsalEngine {
  /** Major version of the target, such as 15: the embedded engine nearest to it is taken. Null or left out where nobody knows it. */
  readonly targetMajor?: number | null;
  /**
   * Address of a real Postgres to rehearse on instead, as a role that may create databases. Each rehearsal makes databases of its own there
   * and drops them, with the roles it made. Nothing keeps a superuser's statement in its database, so such a server must be one to throw away.
   */
  readonly server?: string;
}

export interface RehearsalRequest {
  readonly base: RehearsalBase;
  readonly engine?: RehearsalEngine;
  /** In the order in which they are applied. */
  readonly migrations: readonly RehearsalMigration[];
  readonly limits?: RehearsalLimits;
  /** Holds the engine's template and the latest base states; nothing is written elsewhere. */
  readonly cacheFolder: string;
  /** Whether empty tables get a few generated rows, so that failures and losses that need data show; true unless said. */
  readonly seedRows?: boolean;
  /** Whether a way back is proposed, and rehearsed, for what has none or one that does not bring back what was; false unless said. */
  readonly propose?: boolean;
  /** Whether the state after the last migration is kept in the cache, for a later rehearsal that has these migrations as its base; false unless said. */
  readonly keepState?: boolean;
  /**
   * True for a process that ends with its rehearsals: while there is little to run, the embedded engine is compiled in the quickest way
   * instead of the best. False unless said.
   */
  readonly passing?: boolean;
  /** Ends the rehearsal early; it then throws the signal's reason and leaves nothing. */
  readonly signal?: AbortSignal;
}

export interface RelationLock {
  readonly relation: string;
  /** As pg_locks names it: `AccessExclusiveLock`. */
  readonly mode: string;
}

/** What one statement did to relations that existed before its migration. */
export interface StatementReport {
  readonly line: number;
  readonly kind: string;
  readonly outcome: "ok" | "fails" | "not-rehearsable";
  readonly ms: number;
  /** `measured` here, or `known` from Postgres's documentation where measuring is impossible. */
  readonly source: "measured" | "known";
  /** Locks newly taken by this statement, the strongest per relation; those held from earlier statements are not repeated. */
  readonly locks: readonly RelationLock[];
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
}

export interface DifferenceReport {
  readonly change: "added" | "removed" | "altered";
  readonly kind: ObjectKind;
  readonly object: string;
  readonly detail: string;
}

export interface SchemaChangeReport extends DifferenceReport {
  readonly breaking: boolean;
  readonly reason: string;
}

export interface UpReport {
  readonly outcome: "ok" | "fails" | "not-rehearsable";
  readonly line: number | null;
  readonly reason: string | null;
}

export interface DownReport {
  readonly outcome: SchemaEquality | "fails" | "absent" | "not-rehearsable";
  readonly data: "equal" | "differs" | "not-checked";
  readonly line: number | null;
  /** What still tells the schema from the one before the migration. */
  readonly differences: readonly DifferenceReport[];
  readonly reason: string | null;
  /** Which tables lost or changed data, or why data was not checked. */
  readonly dataReason: string | null;
}

/** A way back that nobody wrote, made from what the migration changes in the schema. */
export interface WayBackProposal {
  /** Null when no statements restore the schema; the obstacles say why. */
  readonly sql: string | null;
  /** False when it runs outside a transaction. */
  readonly transactional: boolean;
  /** What it loses or cannot bring back, in sentences; empty when it restores all there was. */
  readonly losses: readonly string[];
  readonly obstacles: readonly { readonly kind: ObjectKind; readonly object: string; readonly reason: string }[];
  /** What running it brought back; null where there is nothing to run. */
  readonly rehearsal: DownReport | null;
}

export interface MigrationReport {
  readonly id: string;
  readonly name: string;
  readonly transactional: boolean;
  readonly statements: readonly StatementReport[];
  readonly downStatements: readonly StatementReport[];
  readonly rehearsal: { readonly up: UpReport; readonly down: DownReport };
  /** What the migration changes in the schema, judged; empty when up did not finish. */
  readonly schemaChange: readonly SchemaChangeReport[];
  readonly breaking: boolean;
  /** What the rules find in it, in what running it showed, or in its text alone where it was not run; null when it could not be read. */
  readonly findings: readonly RuleFinding[] | null;
  /** The same of its way back, which is asked less; null where there is none, and where it could not be read or was not reached. */
  readonly downFindings: readonly RuleFinding[] | null;
  /** Null where none was asked for, or none is needed. */
  readonly proposal: WayBackProposal | null;
  /** What was not looked at, in sentences. */
  readonly notes: readonly string[];
}

/** What a rehearsal ran on. */
export interface EngineReport {
  readonly name: "pglite" | "postgres";
  /** Version, such as `18.6`; null when the engine did not start. */
  readonly postgres: string | null;
  /** In a sentence, how it differs from the target's version; null when it does not, or nobody said what the target runs. */
  readonly mismatch: string | null;
}

export interface RehearsalReport {
  /** True when every up ran. What a down did is in its own outcome. */
  readonly ok: boolean;
  readonly engine: EngineReport;
  readonly migrations: readonly MigrationReport[];
  readonly ms: number;
}
