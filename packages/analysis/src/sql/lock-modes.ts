import type { LockMode } from "@change-mgmt/domain/schema/rules/actions.ts";

/** Modes of a lock on a relation from weak to strong, as Postgres numbers them from 1. */
export const LOCK_MODES: readonly LockMode[] = [
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
];
