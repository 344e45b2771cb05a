import type { Condition, Facts, Scalar } from "./process.ts";

/** Why a condition does not hold: the first dimension that fails, what was wanted there and what is known. */
export interface Mismatch {
  readonly dimension: string;
  readonly wanted: readonly Scalar[];
  readonly actual: readonly Scalar[];
}

/** Stands in a condition for the empty list of a dimension with several values. */
export const NONE = "(none)";

/**
 * Whether every dimension of a condition holds; a list fact holds when any of its members does, an empty one where the condition names `(none)`,
 * an unknown fact never.
 */
export function matches(condition: Condition, facts: Facts): boolean {
  return mismatch(condition, facts) === undefined;
}

/** The first dimension of a condition that does not hold, or undefined when all do. */
export function mismatch(condition: Condition, facts: Facts): Mismatch | undefined {
  for (const [dimension, wish] of Object.entries(condition)) {
    const wanted = members(wish);
    const actual = members(facts[dimension]);
    const known = actual.length === 0 && facts[dimension] !== undefined ? [NONE] : actual;
    if (!known.some((value) => wanted.includes(value))) return { dimension, wanted, actual };
  }
  return undefined;
}

/** A mismatch in words: `breaking is false, not true`. */
export function mismatchText({ dimension, wanted, actual }: Mismatch): string {
  const known = actual.length === 0 ? "is not known" : `is ${actual.join(", ")}`;
  return `${dimension} ${known}, not ${wanted.join(" or ")}`;
}

/** A condition in words: `type = remove-field, breaking = true`; the empty condition is "always". */
export function conditionText(condition: Condition): string {
  const parts = Object.entries(condition).map(([dimension, wish]) => `${dimension} = ${members(wish).join(" or ")}`);
  return parts.length === 0 ? "always" : parts.join(", ");
}

/** One value or several, as a list; undefined is the empty list. */
export function members(value: Scalar | readonly Scalar[] | undefined): readonly Scalar[] {
  if (value === undefined) return [];
  return typeof value === "object" ? value : [value];
}
