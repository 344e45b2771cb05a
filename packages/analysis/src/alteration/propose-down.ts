import type { SchemaModel } from "@change-mgmt/domain/schema/model.ts";
import { alterationSql, type Obstacle } from "./alteration.ts";
import { planAlteration } from "./plan.ts";

/** A way back that nobody wrote, made from what a migration changes. */
export interface ProposedDown {
  /** Null when the schema cannot be restored by statements; the obstacles say why. An empty text restores a schema that did not change. */
  readonly sql: string | null;
  /** False when parts of it have to be committed one after the other. */
  readonly transactional: boolean;
  /** What the way back loses or cannot bring back, in sentences; empty when it restores all there was. */
  readonly losses: readonly string[];
  readonly obstacles: readonly Obstacle[];
}

/**
 * Proposes the way back of a migration from the schema before it and the one after it, both read with their dependencies. Pure; what it
 * proposes is to be rehearsed like any other. Rows that the migration changed are not its subject.
 */
export function proposeDown(before: SchemaModel, after: SchemaModel): ProposedDown {
  const { steps, obstacles } = planAlteration(after, before);
  const dropped = steps.flatMap(({ lossy, object }) => (lossy === null ? [] : [`${object}: loses ${lossy}`]));
  return {
    sql: obstacles.length > 0 ? null : alterationSql(steps),
    transactional: steps.every(({ phase, transactional }) => phase === 1 && transactional),
    losses: [...notBroughtBack(before, after), ...dropped],
    obstacles,
  };
}

/** What the way there throws away, of which the way back restores the shape alone. */
export function notBroughtBack(before: SchemaModel, after: SchemaModel): string[] {
  return Object.entries(before.objects).flatMap(([key, { kind, name, of, fields }]) => {
    if (after.objects[key] !== undefined) return [];
    if (kind === "table") return [`${name}: restores the table, not its rows`];
    const withItsTable = of !== undefined && after.objects[of] === undefined;
    if (kind !== "column" || withItsTable || fields.generated !== undefined) return [];
    return [`${name}: restores the column, not its values`];
  });
}
