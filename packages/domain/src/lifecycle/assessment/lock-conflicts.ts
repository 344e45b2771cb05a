/** By mode as pg_locks names it, the modes that cannot be held on the same relation by others. From Postgres's table of conflicting locks. */
const CONFLICTS: Readonly<Record<string, readonly string[]>> = {
  AccessShareLock: ["AccessExclusiveLock"],
  RowShareLock: ["ExclusiveLock", "AccessExclusiveLock"],
  RowExclusiveLock: ["ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"],
  ShareUpdateExclusiveLock: [
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
  ],
  ShareLock: [
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
  ],
  ShareRowExclusiveLock: [
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
  ],
  ExclusiveLock: [
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
  ],
};

/** Whether two locks on one relation cannot be held by two at once. */
export function conflict(mode: string, other: string): boolean {
  // The strongest goes with no other, and what is not known is taken for no better.
  return CONFLICTS[mode]?.includes(other) ?? true;
}

/** Whom a lock keeps out while it is held. */
export type KeptOut = "everybody" | "writers" | "nobody";

/** Whom a lock of this mode keeps out: readers take AccessShareLock, writers RowExclusiveLock. */
export function keptOutBy(mode: string): KeptOut {
  if (conflict(mode, "AccessShareLock")) return "everybody";
  return conflict(mode, "RowExclusiveLock") ? "writers" : "nobody";
}
