import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson } from "../change/canonical-json.ts";
import type { Change, DomainEvent } from "../change/change.ts";
import type { Actor } from "../identity/roles.ts";
import { type ApprovalDetails, approvalDetails, type ChangeDetails, changeDetails } from "./details.ts";
import { auditTime, auditId as shownId } from "./shown.ts";
import { storable } from "./storable.ts";

/** The previous hash of whatever has no predecessor: 64 zeros. */
export const NO_HASH = "0".repeat(64);

/** The stream of everything that belongs to no change and to no single user. */
export const WORKSPACE_STREAM = "workspace";

/** The stream of what happens to one user, by UUID. */
export function userStream(userId: string): string {
  return `user:${userId}`;
}

export interface ValidationDetails {
  readonly tests_passed: number;
  readonly tests_failed: number;
  readonly performance_impact: string;
  readonly security_review: string;
}

export interface DeploymentDetails {
  /** RFC 3339 UTC. */
  readonly deployment_timestamp: string;
  readonly deployment_method: string;
  readonly rollback_available: boolean;
  readonly monitoring_period_days: number;
}

/** One act as the audit trail keeps it. Members are named as the documented audit record names them; blocks are there when they apply. */
export interface AuditEntry {
  /** `AUDIT-YYYYMMDD-HHMMSS-xxxxxx`: how the entry is shown. Unique is only `stream` with `stream_seq`. */
  readonly audit_id: string;
  /** The change's readable number; null for acts on something else. */
  readonly change_request_id: string | null;
  readonly event_type: string;
  /** RFC 3339 UTC with microseconds. */
  readonly timestamp: string;
  readonly actor: {
    readonly user_id: string;
    readonly handle: string;
    readonly user_roles: readonly string[];
    readonly ip_address: string | null;
  };
  readonly change_details?: ChangeDetails;
  readonly approval_details?: ApprovalDetails;
  readonly validation_details?: ValidationDetails;
  readonly deployment_details?: DeploymentDetails;
  readonly details: Readonly<Record<string, unknown>>;
  readonly outcome: "done" | "refused";
  readonly runtime_version: string;
  readonly stream: string;
  /** 1 for the first entry of its stream, then without holes. */
  readonly stream_seq: number;
  /** Entry hash of the stream's previous entry, NO_HASH for the first. */
  readonly stream_prev: string;
}

export interface EntryInput {
  readonly event: DomainEvent;
  readonly actor: Actor;
  readonly change: Pick<
    Change,
    "number" | "type" | "artifacts" | "assessment" | "facts" | "votes" | "contentHash"
  > | null;
  readonly outcome: "done" | "refused";
  /** A change's id, WORKSPACE_STREAM or `userStream(id)`: 1 to 200 characters of [A-Za-z0-9:._-]. */
  readonly stream: string;
  readonly streamSeq: number;
  readonly streamPrev: string;
  /** RFC 3339 in UTC (`Z`), with none to six digits of a second's fraction. */
  readonly now: string;
  /** Six random characters of [0-9a-z]. */
  readonly suffix: string;
  /** Such as `node 24.21.0`. */
  readonly runtimeVersion: string;
  readonly validation?: ValidationDetails;
  readonly deployment?: DeploymentDetails;
}

/**
 * Puts an act into the form the trail keeps. Text that UTF-8 cannot hold and nesting beyond reason are replaced, so that no
 * input can prevent its own audit entry; a malformed time, suffix, stream, sequence or hash is a bug and throws a RangeError.
 */
export function composeEntry(input: EntryInput): AuditEntry {
  const { event, actor, change } = input;
  if (!/^[A-Za-z0-9:._-]{1,200}$/.test(input.stream)) {
    throw new RangeError(`not a stream's name, 1 to 200 characters of [A-Za-z0-9:._-]: ${input.stream}`);
  }
  if (!Number.isSafeInteger(input.streamSeq) || input.streamSeq < 1) {
    throw new RangeError(`a stream sequence starts at 1, not ${input.streamSeq}`);
  }
  if (!/^[0-9a-f]{64}$/.test(input.streamPrev)) throw new RangeError("a previous hash is 64 lower-case hex digits");
  const timestamp = auditTime(input.now);
  const approvals = change === null ? undefined : approvalDetails(change);
  return storable({
    audit_id: shownId(timestamp, input.suffix),
    change_request_id: change === null ? null : change.number,
    event_type: event.type,
    timestamp,
    actor: {
      user_id: actor.userId,
      handle: actor.handle,
      user_roles: [...actor.roles],
      ip_address: actor.ipAddress ?? null,
    },
    ...(change !== null && { change_details: changeDetails(change) }),
    ...(approvals !== undefined && { approval_details: approvals }),
    ...(input.validation !== undefined && { validation_details: input.validation }),
    ...(input.deployment !== undefined && { deployment_details: input.deployment }),
    details: event.details,
    outcome: input.outcome,
    runtime_version: input.runtimeVersion,
    stream: input.stream,
    stream_seq: input.streamSeq,
    stream_prev: input.streamPrev,
  }) as AuditEntry;
}

/** The entry's canonical JSON: the text that is stored, hashed and exported. */
export function entryText(entry: AuditEntry): string {
  return canonicalJson(entry);
}

/** Hex SHA-256 of `change-mgmt/entry/1`, a line feed, and the entry's canonical JSON. */
export function entryHash(entry: AuditEntry): string {
  return entryTextHash(entryText(entry));
}

/** The entry hash from the stored canonical text, without parsing it. */
export function entryTextHash(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(`change-mgmt/entry/1\n${text}`)));
}
