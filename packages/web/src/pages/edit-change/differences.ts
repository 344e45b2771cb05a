import { isFilled } from "@change-mgmt/domain/process/facts.ts";
import type { Process } from "@change-mgmt/domain/process/process.ts";
import type { Artifact } from "../../data/types.ts";
import type { Written } from "../new-change/change-form.tsx";

/** One part of a change that two people may have changed: a field, or the list of what it carries. */
export interface Difference {
  readonly id: string;
  readonly title: string;
  readonly before: string;
  readonly theirs: string;
  /** What was written here, where it is neither of the two. */
  readonly mine?: string | undefined;
}

/** What somebody else has changed since `base`, and what was written here at the same places. */
export function newerParts(process: Process, base: Written, theirs: Written, mine: Written): readonly Difference[] {
  const fields = process.form.fields.flatMap(({ id, title }): Difference[] => {
    const [before, now, here] = [base.values[id], theirs.values[id], mine.values[id]];
    if (same(before, now)) return [];
    const conflict = !same(here, before) && !same(here, now);
    return [{ id, title, before: shown(before), theirs: shown(now), mine: conflict ? shown(here) : undefined }];
  });
  if (same(base.artifacts, theirs.artifacts)) return fields;
  const conflict = !same(mine.artifacts, base.artifacts) && !same(mine.artifacts, theirs.artifacts);
  const artifacts: Difference = {
    id: "artifacts",
    title: "What it carries",
    before: listed(base.artifacts),
    theirs: listed(theirs.artifacts),
    mine: conflict ? listed(mine.artifacts) : undefined,
  };
  return [...fields, artifacts];
}

/** What stands after the newer version is taken over: theirs, but for the parts that were changed here. */
export function takenOver(base: Written, theirs: Written, mine: Written): Written {
  const ids = new Set([...Object.keys(theirs.values), ...Object.keys(mine.values)]);
  const values = [...ids].map((id) => [
    id,
    same(mine.values[id], base.values[id]) ? theirs.values[id] : mine.values[id],
  ]);
  return {
    values: Object.fromEntries(values.filter(([, value]) => value !== undefined)),
    artifacts: same(mine.artifacts, base.artifacts) ? theirs.artifacts : mine.artifacts,
  };
}

/** The fields whose value is another than it was, null for one that is empty now; undefined when none is. */
export function changedFields(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Record<string, unknown> | undefined {
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (id) => !same(before[id], after[id]),
  );
  return ids.length === 0
    ? undefined
    : Object.fromEntries(ids.map((id) => [id, isFilled(after[id]) ? after[id] : null]));
}

/** Whether two values say the same; blanks are all alike. */
export function same(a: unknown, b: unknown): boolean {
  if (!isFilled(a) && !isFilled(b)) return true;
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, sorted(member)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function shown(value: unknown): string {
  if (!isFilled(value)) return "nothing";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return Array.isArray(value) ? value.join(", ") : String(value);
}

function listed(artifacts: readonly Artifact[]): string {
  return artifacts.map(({ name, kind }) => name || kind).join(", ") || "nothing";
}
