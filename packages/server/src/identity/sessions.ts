import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { sql } from "kysely";
import { newId } from "../storage/ids.ts";
import type { Db, Tx } from "../storage/store.ts";
import { loadActor } from "./actors.ts";
import { newSecret, secretHash } from "./secrets.ts";

/** How long a session lasts. */
export interface SessionTerms {
  /** Without a request. */
  readonly idleMs: number;
  /** Whatever happens. */
  readonly longestMs: number;
}

export const DEFAULT_TERMS: SessionTerms = { idleMs: 8 * 3_600_000, longestMs: 7 * 24 * 3_600_000 };

/** Who is signed in, and in which session. */
export interface SignedIn {
  readonly actor: Actor;
  readonly sessionId: string;
}

/** How often the last use is written down. */
const TOUCH_MS = 60_000;

export interface NewSession {
  readonly handle: string;
  readonly method: string;
  readonly ipAddress: string | undefined;
  readonly userAgent: string | undefined;
  readonly now: Date;
}

/** Begins a session with a secret that nobody has seen before; its hash is stored. */
export async function insertSession(
  tx: Tx,
  { handle, method, ipAddress, userAgent, now }: NewSession,
  terms: SessionTerms,
): Promise<{ id: string; secret: string; expiresAt: Date }> {
  const id = newId();
  const secret = newSecret("cm_session");
  const expiresAt = new Date(now.getTime() + terms.longestMs);
  await tx
    .insertInto("sessions")
    .values({
      id,
      handle,
      secret_hash: secretHash(secret),
      method,
      ip_address: ipAddress ?? null,
      user_agent: userAgent?.slice(0, 300) ?? null,
      created_at: now,
      last_used_at: now,
      expires_at: expiresAt,
      revoked_at: null,
    })
    .execute();
  return { id, secret, expiresAt };
}

/** Finds who a session's secret stands for, with the roles as they are now. Refusal: SESSION_INVALID, the same words whatever is wrong. */
export async function authenticateSession(
  db: Db,
  secret: string,
  ipAddress: string | undefined,
  { now, terms }: { now: Date; terms: SessionTerms },
): Promise<Outcome<SignedIn>> {
  const { rows } = await sql<{ id: string; handle: string; last_used_at: Date }>`
    SELECT s.id, s.handle, s.last_used_at FROM change_mgmt.sessions s
    JOIN change_mgmt.users u ON u.handle = s.handle
    WHERE s.secret_hash = ${secretHash(secret)} AND s.revoked_at IS NULL AND u.disabled_at IS NULL
      AND s.expires_at > ${now} AND s.last_used_at > ${new Date(now.getTime() - terms.idleMs)}`.execute(db);
  const row = rows[0];
  const actor = row && (await loadActor(db, row.handle));
  if (!row || !actor) {
    return refuse("SESSION_INVALID", "You are not signed in any more.", "Sign in again.");
  }
  if (now.getTime() - row.last_used_at.getTime() >= TOUCH_MS) {
    await db
      .updateTable("sessions")
      .set({ last_used_at: now, ...(ipAddress === undefined ? {} : { ip_address: ipAddress }) })
      .where("id", "=", row.id)
      .where("last_used_at", "<", now)
      .execute();
  }
  return accept({ actor: { ...actor, ...(ipAddress ? { ipAddress } : {}) }, sessionId: row.id });
}

/** Ends sessions of a person, all or all but one, and says which. */
export async function revokeSessions(
  tx: Tx,
  handle: string,
  now: Date,
  { except, only }: { except?: string | undefined; only?: string | undefined } = {},
): Promise<string[]> {
  let update = tx
    .updateTable("sessions")
    .set({ revoked_at: now })
    .where("handle", "=", handle)
    .where("revoked_at", "is", null);
  if (except !== undefined) update = update.where("id", "!=", except);
  if (only !== undefined) update = update.where("id", "=", only);
  return (await update.returning("id").execute()).map(({ id }) => id);
}

/** Throws away sessions of a person that ended a month ago; what became of them is in the audit trail. */
export async function sweepSessions(tx: Tx, handle: string, now: Date): Promise<void> {
  await sql`DELETE FROM change_mgmt.sessions WHERE handle = ${handle}
    AND least(revoked_at, expires_at) < ${now}::timestamptz - interval '30 days'`.execute(tx);
}

/** Ends the tokens that sign-ins gave a person, and says how many there were. API tokens that somebody made stay. */
export async function revokeSignInTokens(tx: Tx, handle: string, now: Date): Promise<number> {
  const revoked = await tx
    .updateTable("api_tokens")
    .set({ revoked_at: now })
    .where("handle", "=", handle)
    .where("from_sign_in", "=", true)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return Number(revoked.numUpdatedRows);
}
