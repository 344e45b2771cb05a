import type { RowRule } from "./in-step.ts";

/** What one break of a change needs on its way; every list is in the order in which it runs, statements without a semicolon at their end. */
export interface Transition {
  /** In a sentence: what breaks for those who use the schema as it was. */
  readonly breaks: string;
  /** Beside what is there, in the first migration. */
  readonly expand?: readonly string[];
  /** What a row's writer leaves out, filled in by a trigger of its table. */
  readonly rowRules?: readonly RowRule[];
  readonly backfill?: readonly string[];
  /** Code to be deployed before anything is enforced; in sentences. */
  readonly code?: readonly string[];
  readonly enforce?: readonly string[];
  readonly convert?: readonly string[];
  readonly validate?: readonly string[];
  /** Outside a transaction. */
  readonly index?: readonly string[];
  /** Takes away what only the way needed, first thing in the last migration. */
  readonly clear?: readonly string[];
  /** Takes the place of what was, after that. */
  readonly swap?: readonly string[];
  /** The way back of `swap`. */
  readonly unswap?: readonly string[];
  /** Columns that the way back adds again, without their values, and the statements that fill them. */
  readonly again?: readonly string[];
  readonly refill?: readonly string[];
  /** What may run beside it until the last migration, and what it costs; in sentences. */
  readonly beside?: readonly string[];
  /** Code that may be simplified after it. */
  readonly afterwards?: readonly string[];
}
