import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import { sql } from "kysely";
import type { Db, Tx } from "../storage/store.ts";

/** How many failures in a row are free, and how the wait grows with each one after them. */
export interface Patience {
  readonly free: number;
  readonly firstWaitSeconds: number;
  readonly longestWaitSeconds: number;
  /** After this long without an attempt, all is forgotten. */
  readonly forgetSeconds: number;
}

export const ACCOUNT_PATIENCE: Patience = {
  free: 5,
  firstWaitSeconds: 30,
  longestWaitSeconds: 900,
  forgetSeconds: 86_400,
};
/** Many people may share an address; a wait there hits them all. */
export const ADDRESS_PATIENCE: Patience = {
  free: 30,
  firstWaitSeconds: 30,
  longestWaitSeconds: 900,
  forgetSeconds: 3600,
};

/** An attempt that was let through, counted as a failure until it is taken back; or until when none is. */
export type Claim =
  | { readonly admitted: true; readonly subject: string; readonly failures: number; readonly lockedUntil: Date | null }
  | { readonly admitted: false; readonly lockedUntil: Date };

/** Whose failures are counted: the name is hashed, since people type passwords where a name belongs. */
export function subjectOf(kind: "account" | "proof" | "address", name: string): string {
  return createHash("sha256").update(`${kind}\n${name}`).digest("hex");
}

/** The part of an address that one sender has: an IPv6 network of 64 bits, an IPv4 address whole. */
export function senderOf(ipAddress: string): string {
  if (!isIPv6(ipAddress)) return ipAddress;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ipAddress)?.[1];
  if (mapped) return mapped;
  const [head = "", tail] = ipAddress.toLowerCase().split("%")[0]!.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups =
    tail === undefined ? before : [...before, ...Array(8 - before.length - after.length).fill("0"), ...after];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}

/**
 * Counts an attempt before it is made, in one statement, so that attempts made at once cannot outrun the count; refuses while the
 * subject is locked.
 */
export async function claimAttempt(db: Db, subject: string, patience: Patience, now: Date): Promise<Claim> {
  const { free, firstWaitSeconds, longestWaitSeconds, forgetSeconds } = patience;
  const count = sql`CASE WHEN a.last_at < ${now}::timestamptz - make_interval(secs => ${forgetSeconds}) THEN 1 ELSE a.failures + 1 END`;
  const { rows } = await sql<{ failures: number; locked_until: Date | null }>`
    INSERT INTO change_mgmt.failed_attempts AS a (subject, failures, last_at) VALUES (${subject}, 1, ${now})
    ON CONFLICT (subject) DO UPDATE SET failures = ${count}, last_at = ${now},
      locked_until = CASE WHEN ${count} >= ${free}::integer THEN ${now}::timestamptz
        + make_interval(secs => least(${longestWaitSeconds}, ${firstWaitSeconds} * 2 ^ least(${count} - ${free}::integer, 20))) END
    WHERE a.locked_until IS NULL OR a.locked_until <= ${now}
    RETURNING failures, locked_until`.execute(db);
  const row = rows[0];
  if (row) return { admitted: true, subject, failures: row.failures, lockedUntil: row.locked_until };
  const locked = await db
    .selectFrom("failed_attempts")
    .select("locked_until")
    .where("subject", "=", subject)
    .executeTakeFirst();
  return { admitted: false, lockedUntil: locked?.locked_until ?? now };
}

/** Takes an attempt back that was no failure; the ones before it stay counted. */
export async function returnAttempt(db: Db | Tx, claim: Claim & { readonly admitted: true }): Promise<void> {
  await sql`UPDATE change_mgmt.failed_attempts SET failures = greatest(failures - 1, 0),
      locked_until = CASE WHEN locked_until IS DISTINCT FROM ${claim.lockedUntil} THEN locked_until END
    WHERE subject = ${claim.subject}`.execute(db);
}

/** Forgets the failures of a subject that has proved itself. */
export async function forgetAttempts(tx: Db | Tx, subject: string): Promise<void> {
  await tx.deleteFrom("failed_attempts").where("subject", "=", subject).execute();
}

/** Throws away counts that nobody needs any more; at most a thousand at a time. */
export async function sweepAttempts(tx: Tx, now: Date): Promise<void> {
  await sql`DELETE FROM change_mgmt.failed_attempts WHERE subject IN (
    SELECT subject FROM change_mgmt.failed_attempts WHERE last_at < ${now}::timestamptz - interval '2 days'
    LIMIT 1000 FOR UPDATE SKIP LOCKED)`.execute(tx);
}
