import { userStream } from "@change-mgmt/domain/audit/entry.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { z } from "zod";
import { defineCommand } from "../../commands/command.ts";
import type { AccountKey } from "../../identity/account-key.ts";
import { forgetAttempts, subjectOf, sweepAttempts } from "../../identity/attempts.ts";
import { secretHash } from "../../identity/secrets.ts";
import {
  insertSession,
  revokeSessions,
  revokeSignInTokens,
  type SessionTerms,
  sweepSessions,
} from "../../identity/sessions.ts";
import type { Db, Tx } from "../../storage/store.ts";
import { takeFactor } from "./second-factor.ts";
import { insertToken, type MadeToken } from "./token-commands.ts";

const DAY_WORK_MS = 12 * 3_600_000;

export interface BegunSession {
  readonly id: string;
  /** Empty in a repeated call: a secret is shown once. */
  readonly secret: string;
  readonly expiresAt: Date;
}

const Begin = z.object({
  handle: z.string(),
  /** What was shown: the hash that a password was verified against, the code of a link, or nothing, for a person of the sample. */
  proof: z.union([
    z.object({ passwordHash: z.string() }),
    z.object({ link: z.string() }),
    z.object({ sample: z.literal(true) }),
  ]),
  factor: z.string().optional(),
  userAgent: z.string().optional(),
  /** The session that the same browser was in. */
  replaces: z.string().optional(),
});

/** Begins a session for somebody who has shown a password or a link, and the second factor where one is enrolled. */
export function beginSession(key: AccountKey, terms: SessionTerms) {
  return defineCommand<z.output<typeof Begin>, BegunSession>({
    name: "session.begin",
    permission: "session.begin",
    input: Begin,
    async run({ tx, actor, now }, { handle, proof, factor, userAgent, replaces }) {
      const user = await enabledUser(tx, handle);
      if (!user) return signInRefused();
      const shown = await takeProof(tx, handle, proof, now);
      if (!shown.ok) return shown;
      const second = await takeFactor(tx, key, { handle, code: factor, now });
      if (!second.ok) return second;
      const kind = "link" in proof ? "link" : "sample" in proof ? "sample" : "password";
      const method = `${kind}${second.value === "none" ? "" : ` and ${second.value}`}`;
      // Whoever it belonged to: the browser forgets it with this answer.
      if (replaces !== undefined) {
        await tx.updateTable("sessions").set({ revoked_at: now }).where("id", "=", replaces).execute();
      }
      const { ipAddress } = actor;
      const session = await insertSession(tx, { handle, method, ipAddress, userAgent, now }, terms);
      await forgetAttempts(tx, subjectOf("account", handle));
      await sweepAttempts(tx, now);
      await sweepSessions(tx, handle, now);
      const details = { user: handle, session: session.id, method, expiresAt: session.expiresAt.toISOString() };
      return accept({
        value: session,
        stream: userStream(user.id),
        events: [{ type: "user.signed-in", details }],
      });
    },
  });
}

const Exchange = z.object({ code: z.string(), factor: z.string().optional() });

/** Exchanges the code of a sign-in link for a token. This is how somebody without a token gets one: the code is the permission. */
export function exchangeLink(key: AccountKey) {
  return defineCommand<z.output<typeof Exchange>, MadeToken>({
    name: "link.exchange",
    permission: "session.begin",
    input: Exchange,
    async run({ tx, now }, { code, factor }) {
      const link = await takeLink(tx, code, now);
      if (!link.ok) return link;
      const { handle, userId } = link.value;
      const second = await takeFactor(tx, key, { handle, code: factor, now });
      if (!second.ok) return second;
      const expiresAt = new Date(now.getTime() + DAY_WORK_MS);
      const token = { handle, name: "sign-in link", scopes: null, expiresAt, now, fromSignIn: true };
      const value = await insertToken(tx, token);
      const details = { user: handle, token: value.id, expiresAt: expiresAt.toISOString() };
      return accept({ value, stream: userStream(userId), events: [{ type: "user.signed-in", details }] });
    },
  });
}

const Refused = z.object({
  user: z.object({ id: z.string(), handle: z.string() }).nullable(),
  lockedUntil: z.date().nullable(),
});

/** Writes down that somebody tried to sign in and was refused. Whose name was typed is told only where it is somebody's. */
export const recordRefusedSignIn = defineCommand<z.output<typeof Refused>, true>({
  name: "session.record-refusal",
  permission: "session.begin",
  input: Refused,
  async run(_context, { user, lockedUntil }) {
    const details = { user: user?.handle ?? null };
    const locked = { type: "user.locked", details: { ...details, until: lockedUntil?.toISOString() ?? null } };
    return accept({
      value: true as const,
      stream: user ? userStream(user.id) : "sign-in",
      events: [{ type: "user.sign-in-refused", details }, ...(lockedUntil ? [locked] : [])],
    });
  },
});

/** Signs out: ends the session of the request. */
export const endSession = defineCommand<{ session: string }, { ok: true }>({
  name: "session.end",
  permission: "session.begin",
  input: z.object({ session: z.string() }),
  async run({ tx, actor, now }, { session }) {
    const ended = await revokeSessions(tx, actor.handle, now, { only: session });
    const events = ended.map((id) => ({ type: "user.signed-out", details: { user: actor.handle, session: id } }));
    return accept({ value: { ok: true as const }, stream: userStream(actor.userId), events });
  },
});

/** Ends another of one's own sessions. */
export const revokeSession = defineCommand<{ id: string }, { ok: true }>({
  name: "session.revoke",
  permission: "account.own",
  input: z.object({ id: z.uuid() }),
  async run({ tx, actor, now }, { id }) {
    const own = await tx
      .selectFrom("sessions")
      .select("id")
      .where("id", "=", id)
      .where("handle", "=", actor.handle)
      .executeTakeFirst();
    if (!own) return refuse("NOT_FOUND", "You have no such session.", "Look at the list of your sessions.");
    const ended = await revokeSessions(tx, actor.handle, now, { only: id });
    const events = ended.map((session) => ({ type: "session.revoked", details: { user: actor.handle, session } }));
    return accept({ value: { ok: true as const }, stream: userStream(actor.userId), events });
  },
});

/** Signs out everywhere: ends all of one's sessions and the tokens that sign-ins gave. API tokens stay. */
export const revokeAllSessions = defineCommand<Record<string, never>, { sessions: number; tokens: number }>({
  name: "session.revoke-all",
  permission: "account.own",
  input: z.object({}) as z.ZodType<Record<string, never>>,
  async run({ tx, actor, now }) {
    const sessions = (await revokeSessions(tx, actor.handle, now)).length;
    const tokens = await revokeSignInTokens(tx, actor.handle, now);
    const details = { user: actor.handle, sessions, tokens };
    return accept({
      value: { sessions, tokens },
      stream: userStream(actor.userId),
      events: [{ type: "user.signed-out-everywhere", details }],
    });
  },
});

/** Uses up a link's code. Refusal: LINK_INVALID, the same words whatever is wrong. */
export async function takeLink(tx: Tx, code: string, now: Date): Promise<Outcome<{ handle: string; userId: string }>> {
  const link = await tx
    .selectFrom("sign_in_links")
    .selectAll()
    .where("code_hash", "=", secretHash(code))
    .forUpdate()
    .executeTakeFirst();
  const user = link && (await enabledUser(tx, link.handle));
  if (!link || !user || link.used_at !== null || link.expires_at <= now) return linkInvalid();
  await tx.updateTable("sign_in_links").set({ used_at: now }).where("id", "=", link.id).execute();
  return accept({ handle: link.handle, userId: user.id });
}

async function takeProof(tx: Tx, handle: string, proof: z.output<typeof Begin>["proof"], now: Date) {
  if ("link" in proof) return await takeLink(tx, proof.link, now);
  return "sample" in proof ? await isOffered(tx, handle) : await samePassword(tx, handle, proof.passwordHash);
}

/** Whether one may sign in as a person without showing anything: they are of the sample, and nobody made them an administrator. */
async function isOffered(tx: Tx, handle: string): Promise<Outcome<unknown>> {
  const row = await sampleAccounts(tx).where("u.handle", "=", handle).executeTakeFirst();
  if (row) return accept(true);
  return refuse(
    "SAMPLE_PERSON_UNKNOWN",
    `"${handle}" is not one of the people of the sample workspace.`,
    "Choose one of those that the sign-in page offers.",
    { place: { pointer: "/user" } },
  );
}

/** The accounts that somebody may sign in to without a proof where the sample is offered: never an administrator's. */
export function sampleAccounts(db: Db | Tx) {
  return db
    .selectFrom("users as u")
    .select(["u.handle", "u.name"])
    .where("u.is_sample", "=", true)
    .where("u.disabled_at", "is", null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("user_roles as r")
            .select("r.role")
            .whereRef("r.handle", "=", "u.handle")
            .where("r.role", "=", "administrator"),
        ),
      ),
    );
}

/** Whether a person's password is still the one that was verified a moment ago. */
async function samePassword(tx: Tx, handle: string, hash: string): Promise<Outcome<unknown>> {
  const row = await tx
    .selectFrom("passwords")
    .select("hash")
    .where("handle", "=", handle)
    .forUpdate()
    .executeTakeFirst();
  return row?.hash === hash ? accept(true) : signInRefused();
}

async function enabledUser(tx: Tx, handle: string): Promise<{ id: string } | undefined> {
  return await tx
    .selectFrom("users")
    .select("id")
    .where("handle", "=", handle)
    .where("disabled_at", "is", null)
    .executeTakeFirst();
}

/** The one refusal of a sign-in, whatever was wrong with it. */
export function signInRefused() {
  return refuse(
    "SIGN_IN_REFUSED",
    "You could not be signed in with this.",
    "Check what you typed. Without a password, or when it is lost, ask an administrator for a link.",
  );
}

function linkInvalid() {
  return refuse(
    "LINK_INVALID",
    "This sign-in link is not valid.",
    "It works once and for a limited time; ask for a new one.",
  );
}
