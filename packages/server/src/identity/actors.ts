import { accept, type Outcome, type Refused, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import { sql } from "kysely";
import { type HoldingsRow, held, holdings } from "../storage/person-record.ts";
import type { Db, Tx } from "../storage/store.ts";
import { secretHash } from "./secrets.ts";

const NOBODY_ID = "00000000-0000-0000-0000-000000000000";

/** Who asks where nobody signed in: holds nothing, may do nothing but sign in. */
export function anonymous(ipAddress: string): Actor {
  return { userId: NOBODY_ID, handle: "anonymous", roles: [], teams: [], positions: [], scopes: [], ipAddress };
}

/** Whether somebody is nobody who is known. */
export function isNobody(actor: Actor): boolean {
  return actor.userId === NOBODY_ID;
}

type TokenRow = HoldingsRow & {
  readonly id: string;
  readonly handle: string;
  readonly scopes: string[] | null;
  readonly stale: boolean;
  readonly user_id: string;
};

/** Finds who a token stands for, with the roles as they are now. Refusal: TOKEN_INVALID, the same words whatever is wrong with it. */
export async function authenticate(db: Db, token: string, ipAddress: string | undefined): Promise<Outcome<Actor>> {
  const { rows } = await sql<TokenRow>`
    SELECT t.id, t.handle, t.scopes, t.last_used_at IS NULL OR t.last_used_at < now() - interval '1 minute' AS stale,
      u.id AS user_id, ${holdings}
    FROM change_mgmt.api_tokens t JOIN change_mgmt.users u ON u.handle = t.handle
    WHERE t.secret_hash = ${secretHash(token)} AND t.revoked_at IS NULL AND u.disabled_at IS NULL
      AND (t.expires_at IS NULL OR t.expires_at > now())`.execute(db);
  const row = rows[0];
  if (!row) return tokenInvalid();
  if (row.stale) await sql`UPDATE change_mgmt.api_tokens SET last_used_at = now() WHERE id = ${row.id}`.execute(db);
  return accept({
    userId: row.user_id,
    handle: row.handle,
    ...held(row),
    ...(row.scopes === null ? {} : { scopes: row.scopes }),
    ...(ipAddress ? { ipAddress } : {}),
  });
}

/** The refusal of a token that proves nothing. */
export function tokenInvalid(): Refused {
  return refuse(
    "TOKEN_INVALID",
    "This token is not valid.",
    "It may have expired or been revoked: make a new one, or ask an administrator for a sign-in link.",
  );
}

/** Somebody with what they hold now; undefined when there is no such person or they are disabled. */
export async function loadActor(db: Db | Tx, handle: string): Promise<Actor | undefined> {
  const { rows } = await sql<HoldingsRow & { id: string }>`
    SELECT u.id, ${holdings} FROM change_mgmt.users u WHERE u.handle = ${handle} AND u.disabled_at IS NULL`.execute(db);
  const row = rows[0];
  return row && { userId: row.id, handle, ...held(row) };
}
