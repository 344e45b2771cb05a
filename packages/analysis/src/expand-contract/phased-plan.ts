import type { Obstacle } from "../alteration/alteration.ts";

/**
 * The parts of the way a breaking change takes, in their order. `expand` adds beside what is there, `backfill` fills it in batches;
 * then new code is deployed; `enforce` demands of new rows what will hold for all, `convert` brings existing rows there, `validate` and
 * `index` prove it; when the old code is gone, `contract` takes away what only it needed.
 */
export const PHASES = ["expand", "backfill", "enforce", "convert", "validate", "index", "contract"] as const;
export type PhaseName = (typeof PHASES)[number];

/** One migration of a phased plan. */
export interface PhaseMigration {
  readonly phase: PhaseName;
  readonly up: string;
  readonly down: string;
  /** False for one whose statements run alone, outside a transaction. */
  readonly transactional: boolean;
  /** What has to be deployed, or gone, before it runs; in sentences. */
  readonly codeBefore: readonly string[];
  /** Who may run beside the state it leaves, and how long; in sentences. */
  readonly beside: readonly string[];
  /** What its way back cannot bring back, in sentences. */
  readonly losses: readonly string[];
}

/** A breaking change as migrations between which code is deployed. With obstacles there are no migrations. */
export interface PhasedPlan {
  /** What of the change breaks those who use the schema as it was, in sentences. */
  readonly breaks: readonly string[];
  readonly migrations: readonly PhaseMigration[];
  /** Code that may be simplified after the last migration, in sentences. */
  readonly codeAfterwards: readonly string[];
  /** `column-order` where the last state differs from what the change itself gives in nothing but the order of columns. */
  readonly reaches: "exact" | "column-order" | null;
  readonly obstacles: readonly Obstacle[];
}
