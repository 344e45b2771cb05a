import type { SchemaModel } from "../model.ts";
import type { Action, LockMode } from "./actions.ts";

/** What running a statement showed. */
export interface MeasuredFacts {
  readonly outcome: "ok" | "fails" | "not-rehearsable";
  /** `known` from Postgres's documentation where measuring is impossible. */
  readonly source: "measured" | "known";
  /** Newly taken, the strongest per relation; what an earlier statement of the transaction holds is not repeated. */
  readonly locks: readonly { readonly relation: string; readonly mode: LockMode | (string & {}) }[];
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
}

/** One statement of a migration, as far as rules look into it. */
export interface StatementFacts {
  readonly index: number;
  /** In snake_case: `alter_table`, `create_index`. */
  readonly kind: string;
  readonly text: string;
  /** 1-based, in the file; the column in code points. */
  readonly line: number;
  readonly column: number;
  /** False where Postgres refuses it inside a transaction block. */
  readonly transactional: boolean;
  /** What it does, in order; never empty. */
  readonly actions: readonly Action[];
  /** Identifiers that Postgres cuts off at 63 bytes, as written. */
  readonly longNames: readonly string[];
  /** Null where it was not run: text only, or behind a statement that failed. */
  readonly measured: MeasuredFacts | null;
}

/** One direction of a migration file, with what is known around it. */
export interface MigrationFacts {
  readonly statements: readonly StatementFacts[];
  /** Whether the tool that applies it wraps the file in one transaction. */
  readonly transactional: boolean;
  /** Whether everybody reaches the tables of `public` through an API that only row security guards. */
  readonly exposed: boolean;
  /** Major version of the target; null when unknown. */
  readonly targetMajor: number | null;
  readonly before: SchemaModel | null;
  readonly after: SchemaModel | null;
}

export type Severity = "error" | "warning" | "info";

/** One thing that a rule has to say about a migration. */
export interface RuleFinding {
  /** The rule's id, such as `drop-column`. */
  readonly rule: string;
  readonly severity: Severity;
  /** Whether code or data written for the schema before can fail. */
  readonly breaking: boolean;
  /** Index of the statement. */
  readonly statement: number;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string;
}
