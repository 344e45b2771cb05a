import {
  type AlterationStep,
  alterationSql,
  type Obstacle,
  type RenameProposal,
} from "@change-mgmt/analysis/alteration/alteration.ts";
import type { SchemaComparison } from "@change-mgmt/analysis/alteration/compare-schemas.ts";
import type { OutsideDifference } from "@change-mgmt/analysis/alteration/outside-differences.ts";
import type { Verification } from "@change-mgmt/analysis/alteration/verify-alteration.ts";

/** What `schema diff --json` answers; keys are stable. */
export interface DiffDocument {
  readonly from: string;
  readonly to: string;
  readonly equal: boolean;
  readonly differences: readonly {
    readonly change: string;
    readonly kind: string;
    readonly object: string;
    readonly detail: string;
    readonly breaking: boolean;
    readonly reason: string;
  }[];
  readonly steps: readonly AlterationStep[];
  /** All steps as one text. */
  readonly sql: string;
  readonly obstacles: readonly Obstacle[];
  readonly columnOrder: readonly string[];
  readonly renames: readonly RenameProposal[];
  /** Owners and tablespaces of two live databases that differ; the SQL does nothing about them. */
  readonly outside: readonly OutsideDifference[];
  /** Null when nobody asked for it and it was not cheap. */
  readonly verification: {
    readonly outcome: Verification["outcome"];
    readonly reason: string | null;
    readonly left: readonly string[];
  } | null;
}

/** Puts a comparison into the words of the document. */
export function diffDocument(
  from: string,
  to: string,
  { judgements, alteration, outside }: SchemaComparison,
  verification: Verification | null,
): DiffDocument {
  return {
    from,
    to,
    equal: judgements.length === 0 && alteration.columnOrder.length === 0,
    differences: judgements.map(({ difference: { change, kind, object, detail }, breaking, reason }) => ({
      change,
      kind,
      object,
      detail,
      breaking,
      reason,
    })),
    steps: alteration.steps,
    sql: alterationSql(alteration.steps),
    obstacles: alteration.obstacles,
    columnOrder: alteration.columnOrder,
    renames: alteration.renames,
    outside,
    verification: verification && {
      outcome: verification.outcome,
      reason: verification.reason,
      left: verification.left.map(({ object, detail }) => `${object}: ${detail}`),
    },
  };
}
