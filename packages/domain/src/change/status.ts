/** The engine's statuses; every stage of every process maps to one of them. */
export const STATUSES = [
  "draft",
  "submitted",
  "assessing",
  "implementing",
  "validating",
  "awaiting_approval",
  "approved",
  "scheduled",
  "deploying",
  "monitoring",
  "reviewing",
  "closed",
  "rejected",
  "cancelled",
  "failed",
  "rolling_back",
  "rolled_back",
] as const;

export type Status = (typeof STATUSES)[number];

/** Statuses from which a change never moves again. */
export const FINAL_STATUSES: ReadonlySet<Status> = new Set(["closed", "cancelled"]);
