import type { QueryFunction } from "../introspection/query-function.ts";
import type { BaseFile } from "./report.ts";

/** A disposable database, open. */
export interface Engine {
  /** As reasons name it: `the embedded Postgres 17`. */
  readonly name: string;
  readonly query: QueryFunction;
  /** Runs one statement without parameters, as a deployment does. */
  run(sql: string): Promise<void>;
  /** Forgets everything that a migration set for its session. */
  resetSession(): Promise<void>;
  /** False where nothing that needs the extension can be rehearsed. */
  hasExtension(name: string): boolean;
  /** Roles that were there before the rehearsal and outlive it; null where the whole engine is thrown away. */
  readonly lastingRoles: ReadonlySet<string> | null;
  close(): Promise<void>;
}

/** A migration as far as the state after it depends on it. */
export type AppliedMigration = Extract<BaseFile, { readonly up: string }>;

/** Opens engines on one base, which is built at most once. */
export interface EngineSource {
  /** An engine with the base and these migrations applied; throws BaseNotRehearsable when one of them does not run again. */
  open(applied: readonly AppliedMigration[]): Promise<Engine>;
  /** Keeps the state after these migrations for later rehearsals that have them as their base. */
  keep(applied: readonly AppliedMigration[]): Promise<void>;
}
