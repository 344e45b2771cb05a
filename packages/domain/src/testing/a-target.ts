import type { OpenTransaction, TargetLook, TargetRelation } from "../lifecycle/assessment/target-look.ts";

/** public.users: 2 GB in 10 million rows, with 1 GB of indexes. */
export function aTargetRelation(overrides: Partial<TargetRelation> = {}): TargetRelation {
  return {
    name: "public.users",
    root: null,
    rows: 10_000_000,
    tableBytes: 2_000_000_000,
    indexBytes: 1_000_000_000,
    written: 0,
    read: 0,
    ...overrides,
  };
}

/** A transaction that has stood open for ten minutes and holds nothing. */
export function anOpenTransaction(overrides: Partial<OpenTransaction> = {}): OpenTransaction {
  return { pid: 42, who: "reports", state: "idle in transaction", seconds: 600, locks: [], ...overrides };
}

/** A target with public.users on which nothing goes on. */
export function aTargetLook(overrides: Partial<TargetLook> = {}): TargetLook {
  return {
    at: "2026-01-10T00:00:00.000Z",
    postgres: "18.4",
    relations: [aTargetRelation()],
    transactions: [],
    replicas: [],
    settings: {},
    countedSince: null,
    unreadable: [],
    ...overrides,
  };
}
