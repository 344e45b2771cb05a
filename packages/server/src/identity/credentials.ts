import { checkPermission, type Permission } from "@change-mgmt/domain/identity/permissions.ts";
import { decodeJwt } from "jose";
import { sql } from "kysely";
import { type HoldingsRow, held, holdings } from "../storage/person-record.ts";
import type { Db } from "../storage/store.ts";
import { looksLikeJwt } from "./outside-tokens.ts";
import { secretHash } from "./secrets.ts";
import type { SessionTerms } from "./sessions.ts";

/** What something long was begun with, such as a stream; never the secret itself. */
export interface Credential {
  /** Of a token or session; undefined for the token of another system, which nobody here can revoke. */
  readonly hash: string | undefined;
  readonly handle: string;
  /** When the token of another system ends. */
  readonly expiresAt: Date | undefined;
}

/** The credential of a secret that was accepted for a person. */
export function credentialOf(secret: string, handle: string): Credential {
  if (!looksLikeJwt(secret)) return { hash: secretHash(secret), handle, expiresAt: undefined };
  const { exp } = decodeJwt(secret);
  return { hash: undefined, handle, expiresAt: exp === undefined ? undefined : new Date(exp * 1000) };
}

export interface StillGoodOptions {
  readonly now: Date;
  readonly terms: SessionTerms;
  /** What a person has to be allowed still. */
  readonly permission: Permission;
}

/**
 * Which of many credentials would still be accepted, of people who are still allowed what they were used for, in two looks however many
 * there are; a look counts as no use of them.
 */
export async function stillGood(
  db: Db,
  credentials: readonly Credential[],
  { now, terms, permission }: StillGoodOptions,
): Promise<ReadonlySet<Credential>> {
  const hashes = [...new Set(credentials.flatMap(({ hash }) => hash ?? []))];
  const handles = [...new Set(credentials.map(({ handle }) => handle))];
  const { rows } = await sql<{ key: string }>`
    SELECT 'hash ' || secret_hash AS key FROM change_mgmt.api_tokens
      WHERE secret_hash = ANY(${hashes}::text[]) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${now})
    UNION ALL SELECT 'hash ' || secret_hash FROM change_mgmt.sessions
      WHERE secret_hash = ANY(${hashes}::text[]) AND revoked_at IS NULL AND expires_at > ${now}
        AND last_used_at > ${new Date(now.getTime() - terms.idleMs)}`.execute(db);
  const people = await sql<HoldingsRow & { id: string; handle: string }>`
    SELECT u.id, u.handle, ${holdings} FROM change_mgmt.users u
    WHERE u.handle = ANY(${handles}::text[]) AND u.disabled_at IS NULL`.execute(db);
  const good = new Set(rows.map(({ key }) => key));
  for (const { id, handle, ...row } of people.rows)
    if (checkPermission({ userId: id, handle, ...held(row) }, permission).ok) good.add(`person ${handle}`);
  return new Set(
    credentials.filter(
      ({ hash, handle, expiresAt }) =>
        good.has(`person ${handle}`) &&
        (hash === undefined || good.has(`hash ${hash}`)) &&
        (expiresAt === undefined || expiresAt > now),
    ),
  );
}
