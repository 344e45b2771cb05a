import { userStream } from "@change-mgmt/domain/audit/entry.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { z } from "zod";
import { defineCommand } from "../../commands/command.ts";
import { forgetAttempts, subjectOf } from "../../identity/attempts.ts";
import { insertSession, revokeSessions, revokeSignInTokens, type SessionTerms } from "../../identity/sessions.ts";
import type { Tx } from "../../storage/store.ts";
import { factorState } from "./second-factor.ts";
import { type BegunSession, takeLink } from "./session-commands.ts";

export interface PasswordSet {
  readonly user: string;
  /** Undefined where a second factor has to be given before a session begins, and for who changed it by a token. */
  readonly session: BegunSession | undefined;
}

const ByLink = z.object({ link: z.string(), hash: z.string(), userAgent: z.string().optional() });

/** Sets a person's password with a one-time link, ends all their sessions and begins one, unless a second factor has to come first. */
export function setPasswordByLink(terms: SessionTerms) {
  return defineCommand<z.output<typeof ByLink>, PasswordSet>({
    name: "password.set",
    permission: "session.begin",
    input: ByLink,
    async run({ tx, actor, now }, { link, hash, userAgent }) {
      const taken = await takeLink(tx, link, now);
      if (!taken.ok) return taken;
      const { handle, userId } = taken.value;
      const ended = await replacePassword(tx, handle, hash, now);
      await forgetAttempts(tx, subjectOf("account", handle));
      const { factor } = await factorState(tx, handle);
      const begin = { handle, method: "link", ipAddress: actor.ipAddress, userAgent, now };
      const session = factor ? undefined : await insertSession(tx, begin, terms);
      const signedIn = session && { user: handle, session: session.id, method: "link" };
      return accept({
        value: { user: handle, session },
        stream: userStream(userId),
        events: [
          { type: "user.password-set", details: { user: handle, ...ended } },
          ...(signedIn ? [{ type: "user.signed-in", details: signedIn }] : []),
        ],
      });
    },
  });
}

const Change = z.object({
  /** Whether the current password was shown, or a link just now. */
  proven: z.boolean(),
  /** The hash it was verified against; null where there was none. */
  current: z.string().nullable(),
  hash: z.string(),
  userAgent: z.string().optional(),
  session: z.string().optional(),
});

/** Changes one's own password; every session ends, and the one of the request goes on under a new secret. */
export function changePassword(terms: SessionTerms) {
  return defineCommand<z.output<typeof Change>, PasswordSet>({
    name: "password.change",
    permission: "account.own",
    input: Change,
    async run({ tx, actor, now }, { proven, current, hash, userAgent, session }) {
      const { handle, userId, ipAddress } = actor;
      const stored = await tx
        .selectFrom("passwords")
        .select("hash")
        .where("handle", "=", handle)
        .forUpdate()
        .executeTakeFirst();
      if (!proven || (stored?.hash ?? null) !== current) return proofRefused(current !== null);
      const before = await tx
        .selectFrom("sessions")
        .select("method")
        .where("id", "=", session ?? null)
        .executeTakeFirst();
      const ended = await replacePassword(tx, handle, hash, now);
      const begun = before
        ? await insertSession(tx, { handle, method: before.method, ipAddress, userAgent, now }, terms)
        : undefined;
      return accept({
        value: { user: handle, session: begun },
        stream: userStream(userId),
        events: [{ type: "user.password-changed", details: { user: handle, ...ended } }],
      });
    },
  });
}

/** The refusal of something that one's password has to be shown for. */
export function proofRefused(hasPassword: boolean) {
  return hasPassword
    ? refuse("PROOF_REFUSED", "The current password is not right.", "Type the password you signed in with.")
    : refuse(
        "PROOF_REFUSED",
        "You have no password that could be shown.",
        "Ask an administrator for a link; within a quarter of an hour after signing in with it, none is asked for.",
      );
}

async function replacePassword(tx: Tx, handle: string, hash: string, now: Date) {
  await tx
    .insertInto("passwords")
    .values({ handle, hash, changed_at: now })
    .onConflict((conflict) => conflict.column("handle").doUpdateSet({ hash, changed_at: now }))
    .execute();
  const sessions = (await revokeSessions(tx, handle, now)).length;
  return { endedSessions: sessions, endedTokens: await revokeSignInTokens(tx, handle, now) };
}
