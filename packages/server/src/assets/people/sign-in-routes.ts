import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { checkPassword } from "@change-mgmt/domain/identity/password-rule.ts";
import { checkPermission } from "@change-mgmt/domain/identity/permissions.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import type { Door } from "../../commands/execute.ts";
import type { Answered, Call, Handlers } from "../../commands/handler.ts";
import { RefusalLimit } from "../../commands/refusal-limit.ts";
import type { AccountKey } from "../../identity/account-key.ts";
import { isNobody, loadActor } from "../../identity/actors.ts";
import {
  ACCOUNT_PATIENCE,
  ADDRESS_PATIENCE,
  type Claim,
  claimAttempt,
  forgetAttempts,
  returnAttempt,
  senderOf,
  subjectOf,
} from "../../identity/attempts.ts";
import { hashPassword, passwordsBusy, verifyPassword } from "../../identity/passwords.ts";
import type { SessionTerms } from "../../identity/sessions.ts";
import type { Db } from "../../storage/store.ts";
import {
  liveSessions,
  type Person,
  personCalled,
  personOfLink,
  type SessionView,
  sessionView,
} from "./account-queries.ts";
import { confirmEnrolment, enrolFactor, removeFactor, resetFactor } from "./factor-commands.ts";
import { changePassword, setPasswordByLink } from "./password-commands.ts";
import { thenToken } from "./people-routes.ts";
import { factorRequired } from "./second-factor.ts";
import {
  type BegunSession,
  beginSession,
  endSession,
  exchangeLink,
  recordRefusedSignIn,
  revokeAllSessions,
  revokeSession,
  signInRefused,
} from "./session-commands.ts";

/** How long after signing in with a link a password may be set without the one before. */
const FRESH_LINK_MS = 15 * 60_000;

export interface SignInOptions {
  readonly db: Db;
  readonly door: Door;
  readonly key: AccountKey;
  readonly terms: SessionTerms;
  /** The same clock as the door's. */
  readonly now?: () => Date;
}

/** Signing in and out, passwords, second factors and sessions over HTTP. Nothing here keeps an idempotency key: its input holds secrets. */
export function signInRoutes(options: SignInOptions): Handlers {
  const { db, door, key, terms, now = () => new Date() } = options;
  const begin = beginSession(key, terms);
  const exchange = exchangeLink(key);
  const setByLink = setPasswordByLink(terms);
  const change = changePassword(terms);
  const enrol = enrolFactor(key);
  const confirm = confirmEnrolment(key);
  const remove = removeFactor(key);
  const written = new RefusalLimit();

  /** Runs an attempt to prove who one is, unless the address or the account has to wait; a success takes the counts back. */
  async function attempted<T>(
    actor: Actor,
    subject: string,
    attempt: (claim: Claim & { admitted: true }) => Promise<Answered<T>>,
  ): Promise<Answered<T>> {
    if (passwordsBusy()) return waitUntil("RATE_LIMITED", "Too many people sign in at this moment.", now(), now());
    const address = await claimAttempt(
      db,
      subjectOf("address", senderOf(actor.ipAddress ?? "")),
      ADDRESS_PATIENCE,
      now(),
    );
    if (!address.admitted) {
      return waitUntil("RATE_LIMITED", "Too many attempts came from your address.", address.lockedUntil, now());
    }
    const claim = await claimAttempt(db, subject, ACCOUNT_PATIENCE, now());
    if (!claim.admitted) {
      await returnAttempt(db, address);
      return waitUntil(
        "ACCOUNT_LOCKED",
        "There were too many failed attempts for this account.",
        claim.lockedUntil,
        now(),
      );
    }
    const outcome = await attempt(claim);
    const code = outcome.ok ? undefined : outcome.refusal.code;
    if (code === undefined || !FAILURES.has(code)) {
      await returnAttempt(db, address);
      await (outcome.ok ? forgetAttempts(db, subject) : returnAttempt(db, claim));
    }
    return outcome;
  }

  /** Refuses a sign-in in the same words and after the same work, whatever was wrong. */
  async function refuseSignIn(call: { actor: Actor }, person: Person | undefined, claim: Claim & { admitted: true }) {
    if (written.admits(claim.subject, "SIGN_IN_REFUSED", now().getTime())) {
      const user = person ? { id: person.id, handle: person.handle } : null;
      await door.execute(recordRefusedSignIn, { user, lockedUntil: claim.lockedUntil }, { actor: call.actor });
    }
    return signInRefused();
  }

  async function signIn(call: Call<"session.begin">): Promise<Answered<SessionView>> {
    const { body } = call;
    const byLink = "link" in body;
    const person = byLink ? await personOfLink(db, body.link) : await personCalled(db, body.login);
    const name = person?.handle ?? (byLink ? body.link : body.login.trim().toLowerCase());
    return await attempted(call.actor, subjectOf("account", name), async (claim) => {
      const right = byLink || (await verifyPassword(body.password, person?.hash ?? undefined));
      const actor = right && person && (await loadActor(db, person.handle));
      if (!byLink && !actor) return await refuseSignIn(call, person, claim);
      if (actor && person?.factor && body.factor === undefined) return factorRequired();
      const { ipAddress } = call.actor;
      const begun = await door.execute(
        begin,
        {
          handle: person?.handle ?? "",
          proof: byLink ? { link: body.link } : { passwordHash: person!.hash },
          factor: body.factor,
          userAgent: call.userAgent,
          replaces: call.sessionId,
        },
        { actor: actor ? { ...actor, ...(ipAddress ? { ipAddress } : {}) } : call.actor },
      );
      if (begun.ok) return await withCookie(begun.value, await sessionView(db, begun.value.id));
      if (byLink && begun.refusal.code === "SIGN_IN_REFUSED") return linkRefused();
      return begun.refusal.code === "FACTOR_WRONG" ? await refuseSignIn(call, person, claim) : begun;
    });
  }

  /** Whether the sender has just shown who they are: by the password, or by a link a moment ago where there is none to show. */
  async function proven(call: { actor: Actor; sessionId?: string }, password: string | undefined) {
    const { handle } = call.actor;
    const row = await db.selectFrom("passwords").select("hash").where("handle", "=", handle).executeTakeFirst();
    const current = row?.hash ?? null;
    if (password !== undefined) return { proven: await verifyPassword(password, row?.hash), current };
    const session = await db
      .selectFrom("sessions")
      .select(["method", "created_at"])
      .where("id", "=", call.sessionId ?? null)
      .executeTakeFirst();
    const fresh = session?.method.startsWith("link") && now().getTime() - session.created_at.getTime() < FRESH_LINK_MS;
    return { proven: fresh === true, current };
  }

  return {
    "session.begin": signIn,
    "session.end": async ({ actor, sessionId }) => {
      const done =
        sessionId === undefined
          ? accept({ ok: true as const })
          : await door.execute(endSession, { session: sessionId }, { actor });
      return done.ok ? { ...done, cookie: null } : done;
    },
    "sessions.list": async ({ actor, sessionId }) => {
      const permitted = checkPermission(actor, "account.own");
      return permitted.ok
        ? accept({ items: await liveSessions(db, actor.handle, sessionId, now(), terms) })
        : permitted;
    },
    "sessions.revoke": async ({ actor, params, sessionId }) => {
      const done = await door.execute(revokeSession, params, { actor });
      return done.ok && params.id === sessionId ? { ...done, cookie: null } : done;
    },
    "sessions.revokeAll": async ({ actor, sessionId }) => {
      const done = await door.execute(revokeAllSessions, {}, { actor });
      return done.ok && sessionId !== undefined ? { ...done, cookie: null } : done;
    },
    "links.exchange": async ({ body, ...request }) => {
      const person = await personOfLink(db, body.code);
      const run = () => door.execute(exchange, body, { actor: request.actor, idempotencyKey: request.idempotencyKey });
      if (!person?.factor) return await thenToken(db, await run());
      if (body.factor === undefined) return factorRequired();
      return await attempted(request.actor, subjectOf("account", person.handle), async () =>
        thenToken(db, await run()),
      );
    },
    "password.set": async (call): Promise<Answered<{ user: string; signedIn: boolean }>> => {
      const { link, current, password } = call.body;
      const { actor, userAgent, sessionId } = call;
      const person = link === undefined ? await personCalled(db, actor.handle) : await personOfLink(db, link);
      if (link === undefined) {
        const permitted = checkPermission(actor, "account.own");
        if (!permitted.ok) return isNobody(actor) ? notSignedIn() : permitted;
      }
      if (person) {
        const good = checkPassword(password, person);
        if (!good.ok) return good;
      }
      if (link !== undefined) {
        const hash = person ? await hashPassword(password) : "";
        return passwordSet(await door.execute(setByLink, { link, hash, userAgent }, { actor }));
      }
      return await attempted(actor, subjectOf("proof", actor.handle), async () => {
        const shown = await proven(call, current);
        const hash = shown.proven ? await hashPassword(password) : "";
        return passwordSet(await door.execute(change, { ...shown, hash, userAgent, session: sessionId }, { actor }));
      });
    },
    "factor.enrol": async (call) => {
      const { actor, body } = call;
      return await attempted(actor, subjectOf("proof", actor.handle), async () => {
        const shown = await proven(call, body.password);
        const hasPassword = shown.current !== null;
        return await door.execute(enrol, { proven: shown.proven || !hasPassword, hasPassword }, { actor });
      });
    },
    "factor.confirm": async ({ actor, body, sessionId }) =>
      await attempted(actor, subjectOf("proof", actor.handle), () =>
        door.execute(confirm, { code: body.code, session: sessionId }, { actor }),
      ),
    "factor.remove": async ({ actor, body }) =>
      await attempted(actor, subjectOf("proof", actor.handle), () =>
        door.execute(remove, { code: body.code }, { actor }),
      ),
    "factor.reset": async ({ actor, params }) => await door.execute(resetFactor, params, { actor }),
  };
}

/** Refusals that count against whoever tried; all others say nothing about what was guessed. */
const FAILURES: ReadonlySet<string> = new Set(["SIGN_IN_REFUSED", "LINK_INVALID", "PROOF_REFUSED", "FACTOR_WRONG"]);

function withCookie(session: BegunSession, view: SessionView): Answered<SessionView> {
  return { ...accept(view), cookie: { secret: session.secret, expiresAt: session.expiresAt } };
}

function passwordSet(done: Outcome<{ user: string; session: BegunSession | undefined }>): Answered<{
  user: string;
  signedIn: boolean;
}> {
  if (!done.ok) return done;
  const { user, session } = done.value;
  const answer = accept({ user, signedIn: session !== undefined });
  return session ? { ...answer, cookie: { secret: session.secret, expiresAt: session.expiresAt } } : answer;
}

function waitUntil(code: "RATE_LIMITED" | "ACCOUNT_LOCKED", message: string, until: Date, now: Date) {
  const retryAfterSeconds = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000));
  return refuse(code, message, `Try again after ${until.toISOString()}, or ask an administrator for a link.`, {
    details: { until: until.toISOString(), retryAfterSeconds },
  });
}

function notSignedIn() {
  return refuse(
    "NOT_SIGNED_IN",
    "This needs a signed-in person or the code of a link.",
    "Sign in first, or send the code of an invitation as `link`.",
  );
}

function linkRefused() {
  return refuse(
    "LINK_INVALID",
    "This sign-in link is not valid.",
    "It works once and for a limited time; ask for a new one.",
  );
}
