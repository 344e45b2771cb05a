import type { TargetRelation } from "./target-look.ts";

/** Seconds that something takes; `most` is null where nothing says how long it may be. */
export interface TimeRange {
  readonly least: number;
  readonly most: number | null;
}

/** What one statement did when it was rehearsed. */
export interface RehearsedStatement {
  readonly line: number;
  /** In snake_case: `alter_table`. */
  readonly kind: string;
  readonly outcome: string;
  readonly locks: readonly { readonly relation: string; readonly mode: string }[];
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
}

const MB = 1_000_000;

/** Bytes a second, from what slow disks under load do to what fast ones do at rest. */
export const SPEEDS = {
  scan: { slow: 50 * MB, fast: 1000 * MB },
  index: { slow: 10 * MB, fast: 400 * MB },
  rewrite: { slow: 10 * MB, fast: 300 * MB },
} as const;

/** Statements whose time depends on rows and code that no rehearsal can count. */
const OPEN_ENDED: ReadonlySet<string> = new Set([
  "insert",
  "update",
  "delete",
  "merge",
  "do",
  "call",
  "select",
  "copy",
  "execute",
  "create_table_as",
  "create_materialized_view",
  "refresh_mat_view",
  "vacuum",
  "analyze",
  "cluster",
]);
const BUILDS: ReadonlySet<string> = new Set(["index", "create_index", "reindex"]);

/** What a statement has to go through on a target, in bytes; `missing` are relations that the target does not have. */
export interface Work {
  readonly rewritten: number;
  readonly scanned: number;
  readonly indexed: number;
  readonly missing: readonly string[];
}

/** Whether it builds an index, with which it sorts what it reads. */
export function buildsIndex({ kind }: Pick<RehearsedStatement, "kind">): boolean {
  return BUILDS.has(kind);
}

/** How much there is to do for a statement. Of partitions that it goes through under their table, the whole table counts, once. */
export function workOf(statement: RehearsedStatement, relations: readonly TargetRelation[]): Work {
  const known = new Map(relations.map((relation) => [relation.name, relation]));
  const locked = new Set(statement.locks.map(({ relation }) => relation));
  const whole = (names: readonly string[]) => {
    const roots = names.map((name) => {
      const root = known.get(name)?.root;
      return root !== undefined && root !== null && locked.has(root) ? root : name;
    });
    return [...new Set(roots)].flatMap((name) => known.get(name) ?? []);
  };
  const sum = (some: readonly TargetRelation[], bytes: (one: TargetRelation) => number) =>
    some.reduce((total, one) => total + bytes(one), 0);
  const rewrites = whole(statement.rewrites);
  const scans = whole(statement.scans.filter((name) => !statement.rewrites.includes(name)));
  const scanned = sum(scans, ({ tableBytes }) => tableBytes);
  return {
    // What is written anew has its indexes built anew.
    rewritten: sum(rewrites, ({ tableBytes, indexBytes }) => tableBytes + indexBytes),
    scanned: buildsIndex(statement) ? 0 : scanned,
    indexed: buildsIndex(statement) ? scanned : 0,
    missing: [...new Set([...statement.rewrites, ...statement.scans])].filter((name) => !known.has(name)),
  };
}

/** How long a statement takes once it has its locks. */
export function timeOf(statement: RehearsedStatement, { rewritten, scanned, indexed, missing }: Work): TimeRange {
  const at = (speed: "slow" | "fast") =>
    rewritten / SPEEDS.rewrite[speed] + scanned / SPEEDS.scan[speed] + indexed / SPEEDS.index[speed];
  const open = statement.outcome !== "ok" || OPEN_ENDED.has(statement.kind) || missing.length > 0;
  return { least: at("fast"), most: open ? null : at("slow") };
}

/** One after the other. */
export function after(first: TimeRange, then: TimeRange): TimeRange {
  const most = first.most === null || then.most === null ? null : first.most + then.most;
  return { least: first.least + then.least, most };
}
