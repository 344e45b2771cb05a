import type { Change } from "../change/change.ts";

export interface ChangeDetails {
  readonly affected_files: readonly string[];
  readonly change_type: string;
  /** Kinds of artifact the change carries, joined by `+`; `none` when it carries none yet. */
  readonly change_scope: string;
  readonly breaking_change: boolean;
}

export interface ApprovalDetails {
  /** Handles in the order of their votes, each once. */
  readonly approved_by: readonly string[];
  /** RFC 3339 UTC of the latest of these votes. */
  readonly approval_timestamp: string;
  /** Requirements voted on, joined by `+`. */
  readonly approval_level: string;
}

/** What the change is about, as the audit record says it. */
export function changeDetails(change: Pick<Change, "type" | "artifacts" | "assessment" | "facts">): ChangeDetails {
  const kinds = [...new Set(change.artifacts.map((artifact) => artifact.kind))].sort();
  return {
    affected_files: change.artifacts.map((artifact) => artifact.name),
    change_type: change.type,
    change_scope: kinds.join("+") || "none",
    breaking_change: change.facts.breaking === true || change.assessment?.breaking === true,
  };
}

/** Who approved the content as it is now; undefined while nobody has. */
export function approvalDetails(change: Pick<Change, "votes" | "contentHash">): ApprovalDetails | undefined {
  const votes = change.votes
    .filter((vote) => vote.decision === "approve" && vote.contentHash === change.contentHash)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const latest = votes.at(-1);
  if (latest === undefined) return undefined;
  return {
    approved_by: [...new Set(votes.map((vote) => vote.voter))],
    approval_timestamp: latest.at,
    approval_level: [...new Set(votes.map((vote) => vote.requirement))].sort().join("+"),
  };
}
