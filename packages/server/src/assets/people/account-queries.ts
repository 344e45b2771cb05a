import type { Session } from "@change-mgmt/api/people.ts";
import type { z } from "zod";
import { secretHash } from "../../identity/secrets.ts";
import type { SessionTerms } from "../../identity/sessions.ts";
import type { Db } from "../../storage/store.ts";
import { factorState } from "./second-factor.ts";

export type SessionView = z.input<typeof Session>;

/** Somebody as signing in sees them; `hash` of the password, null where there is none. */
export interface Person {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly email: string | null;
  readonly hash: string | null;
  readonly factor: boolean;
}

/** The one person of a handle or an e-mail address; nobody where several share the address. */
export async function personCalled(db: Db, login: string): Promise<Person | undefined> {
  const name = login.trim().toLowerCase();
  const rows = await people(db)
    .where((eb) => eb.or([eb("u.handle", "=", name), eb(eb.fn<string>("lower", ["u.email"]), "=", name)]))
    .limit(3)
    .execute();
  const exact = rows.find(({ handle }) => handle === name);
  return exact ?? (rows.length === 1 ? rows[0] : undefined);
}

/** Whom a link would sign in; whether it still does is decided when it is used. */
export async function personOfLink(db: Db, code: string): Promise<Person | undefined> {
  return await people(db)
    .innerJoin("sign_in_links as l", "l.handle", "u.handle")
    .where("l.code_hash", "=", secretHash(code))
    .executeTakeFirst();
}

function people(db: Db) {
  return db
    .selectFrom("users as u")
    .leftJoin("passwords as p", "p.handle", "u.handle")
    .leftJoin("second_factors as f", (join) =>
      join.onRef("f.handle", "=", "u.handle").on("f.confirmed_at", "is not", null),
    )
    .select((eb) => [
      "u.id",
      "u.handle",
      "u.name",
      "u.email",
      "p.hash",
      eb("f.handle", "is not", null).$castTo<boolean>().as("factor"),
    ]);
}

/** Sessions of a person that last, newest first. */
export async function liveSessions(
  db: Db,
  handle: string,
  current: string | undefined,
  now: Date,
  terms: SessionTerms,
): Promise<SessionView[]> {
  const rows = await db
    .selectFrom("sessions")
    .selectAll()
    .where("handle", "=", handle)
    .where("revoked_at", "is", null)
    .where("expires_at", ">", now)
    .where("last_used_at", ">", new Date(now.getTime() - terms.idleMs))
    .orderBy("id", "desc")
    .limit(200)
    .execute();
  return rows.map((row) => viewOf(row, current));
}

/** One session, as the one of the request. */
export async function sessionView(db: Db, id: string): Promise<SessionView> {
  return viewOf(await db.selectFrom("sessions").selectAll().where("id", "=", id).executeTakeFirstOrThrow(), id);
}

function viewOf(
  row: {
    id: string;
    handle: string;
    method: string;
    ip_address: string | null;
    user_agent: string | null;
    created_at: Date;
    last_used_at: Date;
    expires_at: Date;
  },
  current: string | undefined,
): SessionView {
  return {
    id: row.id,
    user: row.handle,
    method: row.method,
    address: row.ip_address,
    userAgent: row.user_agent,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    current: row.id === current,
  };
}

/** What somebody's account has, for /api/me. */
export async function accountOf(
  db: Db,
  handle: string,
): Promise<{ password: boolean; factor: boolean; recoveryCodes: number }> {
  const password = await db.selectFrom("passwords").select("handle").where("handle", "=", handle).executeTakeFirst();
  return { password: password !== undefined, ...(await factorState(db, handle)) };
}
