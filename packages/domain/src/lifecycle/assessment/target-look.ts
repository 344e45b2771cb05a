/** A relation on a target, by its statistics. A partitioned table has what its partitions have together. */
export interface TargetRelation {
  /** As the rehearsal names it, such as `public.users`. */
  readonly name: string;
  /** The topmost partitioned table it is a part of, or null. */
  readonly root: string | null;
  /** Estimated by the server; null where it was never counted. */
  readonly rows: number | null;
  /** Without its indexes. */
  readonly tableBytes: number;
  readonly indexBytes: number;
  /** Rows written and reads begun since the statistics began; null where they are not kept. */
  readonly written: number | null;
  readonly read: number | null;
}

/** A transaction that is open on a target. */
export interface OpenTransaction {
  /** Process id on the server; null for one that is prepared. */
  readonly pid: number | null;
  /** The application, else the role; a prepared one by its name. */
  readonly who: string;
  /** Such as `idle in transaction`; null where this login may not see it. */
  readonly state: string | null;
  /** Null where this login may not see it. */
  readonly seconds: number | null;
  /** On relations that were asked about; `mode` as pg_locks names it. */
  readonly locks: readonly { readonly relation: string; readonly mode: string }[];
}

/** What a target says of itself at a moment. */
export interface TargetLook {
  /** RFC 3339 UTC. */
  readonly at: string;
  /** Version, such as `18.4`. */
  readonly postgres: string;
  readonly relations: readonly TargetRelation[];
  readonly transactions: readonly OpenTransaction[];
  /** Those that follow, with how far they are behind; null where it could not be read. */
  readonly replicas: readonly { readonly name: string; readonly lagBytes: number | null }[] | null;
  /** Settings that say how work there goes, by name, with their units. */
  readonly settings: Readonly<Record<string, string>>;
  /** Since when the server counts; null where it does not say. */
  readonly countedSince: string | null;
  /** What could not be read, in sentences. */
  readonly unreadable: readonly string[];
}

/** Rows written and reads begun each second on a relation; null where nobody knows. */
export interface Rates {
  readonly writes: number | null;
  readonly reads: number | null;
}

/** How much goes on in a relation: between two looks, or since the server began to count where there is one look only. */
export function ratesOf(relation: TargetRelation, look: TargetLook, earlier: TargetLook | null): Rates {
  const before = earlier?.relations.find(({ name }) => name === relation.name);
  const since = before === undefined ? look.countedSince : earlier!.at;
  const seconds = since === null ? 0 : (Date.parse(look.at) - Date.parse(since)) / 1000;
  const rate = (now: number | null, then: number | null) =>
    // Counters that went back were set to zero between the looks.
    now === null || then === null || now < then || seconds <= 0 ? null : (now - then) / seconds;
  return {
    writes: rate(relation.written, before === undefined ? 0 : before.written),
    reads: rate(relation.read, before === undefined ? 0 : before.read),
  };
}
