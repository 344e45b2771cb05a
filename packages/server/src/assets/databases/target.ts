import type { Outcome } from "@change-mgmt/domain/change/refusal.ts";
import type { ConfiguredMeasure } from "../measures/measure.ts";

/** One session on a database under change control. Statements run in order on one connection; nothing is retried inside. */
export interface TargetSession {
  readonly kind: "postgres" | "embedded";
  /** Such as `18.4`. */
  readonly serverVersion: string;
  /** Runs one statement with optional `$1` values. Rejects with an error that carries the SQLSTATE in `code`. */
  query(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: Record<string, unknown>[]; readonly rowCount: number }>;
  /** Ends the running statement from outside, such as when a person cancels; the session may be unusable afterwards. */
  interrupt(): Promise<void>;
  /** False after the connection broke or was ended from outside; only `reopen` and `close` make sense then. */
  readonly usable: boolean;
  /** Connects again under the same object; what was not committed is gone, and settings of the session too. Refuses as `Targets.open`. */
  reopen(): Promise<Outcome<true>>;
  /** Ends the session; an embedded database is closed and its lock file released. Never rejects. */
  close(): Promise<void>;
}

/** What an environment of the configuration in force says about its database; `database` is a reference, never a resolved secret. */
export interface TargetEnvironment {
  readonly name: string;
  /** `${NAME_OF_VARIABLE}` or `embedded:NAME`. */
  readonly database: string;
  /** Milliseconds a statement waits for a lock before it gives up and is tried again. */
  readonly lockTimeoutMs: number;
  /** Milliseconds a statement may run; 0 means no limit. */
  readonly statementTimeoutMs: number;
  /** How many more times a statement that could not get its lock, or a broken connection before commit, is tried. */
  readonly retries: number;
  /** How the metrics of rollback triggers are measured. */
  readonly watch?: readonly ConfiguredMeasure[];
}

/**
 * Opens sessions on targets. Refusals: TARGET_REFERENCE_MISSING (variable not set), TARGET_REFERENCE_INVALID
 * (neither `${NAME}` nor `embedded:NAME`, or the variable holds no Postgres address), TARGET_UNREACHABLE, TARGET_LOGIN_REFUSED,
 * TARGET_POOLED (a transaction-mode pooler stands in front), TARGET_IN_USE (embedded directory held by another process),
 * TARGET_READ_ONLY. No refusal ever contains the address's password.
 */
export interface Targets {
  open(environment: TargetEnvironment): Promise<Outcome<TargetSession>>;
  /** Removes an embedded database with everything in it; one on a server is left alone. Refusals: TARGET_IN_USE and those of references. */
  remove(environment: TargetEnvironment): Promise<Outcome<true>>;
}
