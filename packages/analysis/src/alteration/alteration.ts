import type { ObjectKind } from "@change-mgmt/domain/schema/model.ts";

/** One statement on the way from one schema to another, with what is known of it without running it. */
export interface AlterationStep {
  /** Ends with a semicolon. */
  readonly sql: string;
  readonly kind: ObjectKind;
  readonly object: string;
  /** What it does, in a few words. */
  readonly does: string;
  /** What is lost for good, or null. */
  readonly lossy: string | null;
  /** What rows that exist have to satisfy, else the statement fails; null when it asks nothing of them. */
  readonly needs: string | null;
  /** False for a statement that may not run in a transaction. */
  readonly transactional: boolean;
  /** The strongest lock on what existed before, as `pg_locks` names it, and on what; null when nothing that existed is locked. */
  readonly lock: { readonly relation: string; readonly mode: string } | null;
  /** Whether the whole table is written anew. */
  readonly rewrites: boolean;
  /** Whether the whole table is read. */
  readonly scans: boolean;
  /** From 1; what is of an earlier phase must be committed first. */
  readonly phase: number;
}

/** An object that cannot be led from one schema to the other, and why. */
export interface Obstacle {
  readonly kind: ObjectKind;
  readonly object: string;
  readonly reason: string;
}

/** Two objects that may be one under two names; only people know. */
export interface RenameProposal {
  readonly kind: "table" | "column";
  readonly from: string;
  readonly to: string;
}

/** The way from one schema to another. With obstacles the steps lead everywhere but to what the obstacles name. */
export interface Alteration {
  readonly steps: readonly AlterationStep[];
  readonly obstacles: readonly Obstacle[];
  /** Tables whose columns stand in another order, which no statement changes. */
  readonly columnOrder: readonly string[];
  readonly renames: readonly RenameProposal[];
}

/** A statement before its place in the order is known. */
export interface Draft {
  readonly sql: string;
  readonly does: string;
  readonly lossy?: string | null;
  readonly needs?: string | null;
  readonly transactional?: boolean;
  readonly lock?: AlterationStep["lock"];
  readonly rewrites?: boolean;
  readonly scans?: boolean;
}

/** The steps as one text, phases and what they do as comments. */
export function alterationSql(steps: readonly AlterationStep[]): string {
  const phases = steps.at(-1)?.phase ?? 1;
  const lines: string[] = [];
  let phase = 0;
  for (const step of steps) {
    if (step.phase !== phase && phases > 1) {
      lines.push(`-- Phase ${step.phase} of ${phases}${step.phase > 1 ? ": commit what is above first" : ""}`);
    }
    phase = step.phase;
    if (step.lossy !== null) lines.push(`-- Lossy: ${step.lossy.replaceAll("\n", " ")}`);
    lines.push(step.sql);
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}
