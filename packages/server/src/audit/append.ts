import { randomInt } from "node:crypto";
import {
  composeEntry,
  type DeploymentDetails,
  entryText,
  entryTextHash,
  NO_HASH,
  type ValidationDetails,
} from "@change-mgmt/domain/audit/entry.ts";
import type { Change, DomainEvent } from "@change-mgmt/domain/change/change.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { type CompiledQuery, type Selectable, sql } from "kysely";
import { newId } from "../storage/ids.ts";
import { json } from "../storage/json.ts";
import type { Tx } from "../storage/store.ts";
import type { Tables } from "../storage/tables.ts";

/** One event on its way into the trail, with what it is about. */
export interface AuditEvent extends DomainEvent {
  readonly change?: Change | undefined;
  readonly validation?: ValidationDetails;
  readonly deployment?: DeploymentDetails;
}

const RUNTIME = `node ${process.versions.node}`;
const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";

/**
 * Writes entries for events into one stream, each chained to the one before. The stream's row is locked until the transaction ends:
 * for a change that adds nothing to the lock the command holds anyway, and other streams are not waited for.
 */
export async function appendAudit(
  tx: Tx,
  stream: string,
  actor: Actor,
  events: readonly AuditEvent[],
  outcome: "done" | "refused",
  now: Date,
): Promise<void> {
  if (events.length === 0) return;
  const last = await lastOf(tx, stream, await tx.executeQuery(lockStream(tx, stream)).then(({ rows }) => rows), now);
  await tx.executeQuery(entriesAfter(tx, last, { actor, events, outcome, now }));
}

type Stream = Selectable<Tables["audit_streams"]>;

/** The statement that locks a stream and tells where it ends; without a row for one that has no entry yet. */
export function lockStream(tx: Tx, stream: string): CompiledQuery<Stream> {
  return tx.selectFrom("audit_streams").selectAll().where("stream", "=", stream).forUpdate().compile();
}

/** The end of a stream, from what locking it answered with; a stream without an entry begins here. */
export async function lastOf(tx: Tx, stream: string, locked: readonly Stream[], now: Date): Promise<Stream> {
  if (locked[0]) return locked[0];
  await sql`INSERT INTO change_mgmt.audit_streams (stream, last_seq, last_hash, last_time)
    VALUES (${stream}, 0, ${NO_HASH}, ${now}) ON CONFLICT (stream) DO NOTHING`.execute(tx);
  return (await tx.executeQuery(lockStream(tx, stream))).rows[0]!;
}

/** The statement that appends entries for events to a stream that is locked, behind its last one. */
export function entriesAfter(
  tx: Tx,
  last: Stream,
  {
    actor,
    events,
    outcome,
    now,
  }: {
    readonly actor: Actor;
    readonly events: readonly AuditEvent[];
    readonly outcome: "done" | "refused";
    readonly now: Date;
  },
): CompiledQuery<unknown> {
  const { stream } = last;
  let streamSeq = Number(last.last_seq);
  let streamPrev = last.last_hash;
  // A stream never goes back in time, also when the clocks of two processes differ.
  const at = now > last.last_time ? now : last.last_time;
  const rows = events.map((event) => {
    streamSeq += 1;
    const entry = composeEntry({
      event: { type: event.type, details: event.details },
      actor,
      change: event.change ?? null,
      outcome,
      stream,
      streamSeq,
      streamPrev,
      now: at.toISOString(),
      suffix: Array.from({ length: 6 }, () => ALPHABET[randomInt(ALPHABET.length)]).join(""),
      runtimeVersion: RUNTIME,
      ...(event.validation ? { validation: event.validation } : {}),
      ...(event.deployment ? { deployment: event.deployment } : {}),
    });
    const text = entryText(entry);
    const hash = entryTextHash(text);
    streamPrev = hash;
    return {
      id: newId(),
      change_id: event.change?.id ?? null,
      action: event.type,
      actor: actor.handle,
      details: json<unknown>(event.details),
      entry: text,
      hash,
      stream,
      stream_seq: streamSeq,
      created_at: at,
    };
  });
  return tx
    .with("entries", (also) => also.insertInto("audit_trail").values(rows))
    .updateTable("audit_streams")
    .set({ last_seq: streamSeq, last_hash: streamPrev, last_time: at })
    .where("stream", "=", stream)
    .compile();
}
