import type { EvidenceKind, Facts } from "../process/process.ts";
import type { CitedFile } from "./attachment.ts";
import type { Status } from "./status.ts";

/** SQL that changes a database. `name` is the file name it has in its repository. `down` null means none was written. */
export interface MigrationArtifact {
  readonly kind: "migration";
  readonly id: string;
  readonly name: string;
  readonly up: string;
  readonly down: string | null;
  /** False for a file that may not run inside a transaction (CREATE INDEX CONCURRENTLY and the like). */
  readonly transactional: boolean;
  /** The repository's own migration tool, so that its ledger can be kept too; undefined means none. */
  readonly tool?: "supabase" | "prisma" | "goose" | "flyway" | "dbmate" | "golang-migrate";
}

/** Something another system carries out: the name of a command that the workspace configuration defines, with arguments. */
export interface ExternalArtifact {
  readonly kind: "external";
  readonly id: string;
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
}

/** Something people do, step by step, each signed off; `undo` says how each is taken back. */
export interface ManualArtifact {
  readonly kind: "manual";
  readonly id: string;
  readonly name: string;
  readonly steps: readonly { readonly id: string; readonly title: string; readonly undo: string }[];
}

export type Artifact = MigrationArtifact | ExternalArtifact | ManualArtifact;

export interface Evidence {
  readonly kind: EvidenceKind;
  /** Note text, link address, the id of a report, or the name of a file. */
  readonly value: string;
  readonly title?: string;
  /** The attachment that it is, as it was when it was given. */
  readonly file?: CitedFile;
}

/** One item of a change's checklist. */
export interface Step {
  readonly id: string;
  readonly stage: string;
  readonly title: string;
  readonly evidenceNeeded: readonly EvidenceKind[];
  readonly by: readonly string[];
  /** Positions of the process whose holders may complete it as well; with no roles in `by`, only they may. */
  readonly positions?: readonly string[];
  readonly automatic: boolean;
  /** Added by a person rather than by the process. */
  readonly added: boolean;
  readonly completed?: {
    readonly at: string;
    readonly by: string;
    readonly evidence: readonly Evidence[];
    readonly notes?: string;
  };
}

/** A vote on one requirement. `environment` undefined counts for every environment. Bound to the content that was looked at. */
export interface Vote {
  readonly id: string;
  readonly requirement: string;
  readonly environment?: string;
  /** Who cast it. */
  readonly voter: string;
  /** Whose vote it is, where somebody who stood in for them cast it. */
  readonly for?: string;
  readonly decision: "approve" | "reject" | "abstain";
  readonly comment?: string;
  readonly contentHash: string;
  readonly at: string;
  /** The meeting it was cast in, with the members who were heard there at that moment. */
  readonly meeting?: { readonly id: string; readonly present: readonly string[] };
  /** Taken back before anything was decided by it: it counts for nothing. */
  readonly withdrawn?: { readonly at: string; readonly by: string };
}

/** Somebody who keeps out of every decision on a change for a conflict of interest, whatever the change says. */
export interface Recusal {
  readonly person: string;
  readonly reason: string;
  readonly at: string;
}

/** Values of the process's form, by field id; title, description, type and priority are among them. */
export type FieldValues = Readonly<Record<string, unknown>>;

/** What is said when a change is assessed; `breaking` here can only raise what the facts already say. */
export interface Assessment {
  readonly impact: string;
  readonly breaking: boolean;
  readonly complexity: "low" | "medium" | "high";
  readonly dependencies: readonly string[];
  readonly by: string;
  readonly at: string;
}

/** A change request with everything the rules need to decide on it. People are given by handle, times in RFC 3339 UTC. */
export interface Change {
  readonly id: string;
  readonly number: string;
  readonly process: { readonly name: string; readonly version: number; readonly hash: string };
  readonly title: string;
  readonly description: string;
  readonly type: string;
  readonly priority: string;
  readonly requester: string;
  readonly assignee: string | null;
  readonly team: string | null;
  readonly status: Status;
  readonly stage: string;
  readonly fields: FieldValues;
  readonly artifacts: readonly Artifact[];
  /** Environment names in promotion order this change goes through. */
  readonly environments: readonly string[];
  readonly contentHash: string;
  readonly assessment: Assessment | null;
  readonly steps: readonly Step[];
  readonly votes: readonly Vote[];
  readonly recusals?: readonly Recusal[];
  /** Since when its approvals are asked for: before a deployment, and until closing. */
  readonly asked?: { readonly deployment?: string; readonly closing?: string };
  readonly facts: Facts;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Something that happened to a change or to the workspace; past tense, and the source of audit entries and work in the background. */
export interface DomainEvent {
  /** Past tense with its noun, such as `change.approved`. */
  readonly type: string;
  readonly details: Readonly<Record<string, unknown>>;
}
