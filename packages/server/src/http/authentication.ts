import type { Endpoint } from "@change-mgmt/api/endpoints.ts";
import type { Outcome, Refusal } from "@change-mgmt/domain/change/refusal.ts";
import { checkAnyPermission, type Permission } from "@change-mgmt/domain/identity/permissions.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { anonymous } from "../identity/actors.ts";
import type { Limiters } from "./rate-limits.ts";
import { RequestRefused } from "./request-problem.ts";
import { requireSameOrigin } from "./same-origin.ts";
import { sessionSecretOf, setSessionCookie } from "./session-cookie.ts";

/** Finds who a token stands for, or refuses it (TOKEN_INVALID). */
export type Authenticate = (token: string, ipAddress: string) => Promise<Outcome<Actor>>;

/** Who a request is from, and the session whose cookie said so. */
export interface Sender {
  readonly actor: Actor;
  readonly sessionId?: string;
}

/** Finds who a session cookie's secret stands for, or refuses it (SESSION_INVALID). */
export type AuthenticateSession = (
  secret: string,
  ipAddress: string,
) => Promise<Outcome<{ readonly actor: Actor; readonly sessionId: string }>>;

/** What findActor needs to know of those who ask. */
export interface Authentication {
  readonly authenticate: Authenticate;
  /** Left out: no cookie signs anybody in. */
  readonly authenticateSession?: AuthenticateSession | undefined;
  readonly limiters: Limiters;
  /** Writes a refusal into the audit trail; left out, none of those that no command makes are written. */
  readonly recordRefusal?: RecordRefusal | undefined;
}

/** Writes down that something was asked for by somebody and refused; `input.id` may name the change it was about. */
export type RecordRefusal = (
  what: string,
  input: unknown,
  refusal: Refusal,
  actor: Actor,
  operation: string,
) => Promise<void>;

/** The token of an `Authorization: Bearer` header; undefined when there is none or it is not in that form. */
export function bearerTokenOf(request: FastifyRequest): string | undefined {
  return /^Bearer +([A-Za-z0-9._~+/=-]{1,8192}) *$/i.exec(request.headers.authorization ?? "")?.[1];
}

/** What a sender claimed and could not show: worth a line in the trail, other than having claimed nothing. */
const FALSE_CLAIMS: ReadonlySet<string> = new Set(["TOKEN_INVALID", "TOKEN_UNMAPPED", "SESSION_INVALID", "CROSS_SITE"]);

/** Finds the sender of a request as `findActor` does, and has a claim that was refused written down. */
export async function authenticateSender(
  name: string,
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  authentication: Authentication,
): Promise<Sender> {
  try {
    return await findActor(endpoint, request, reply, authentication);
  } catch (error) {
    if (error instanceof RequestRefused && FALSE_CLAIMS.has(error.refusal.code))
      await authentication.recordRefusal?.("request", request.params, error.refusal, anonymous(request.ip), name);
    throw error;
  }
}

/** Throws for a request that the sender may not make, and has that written down. Where a request says itself what it takes, the rest is for its handler. */
export async function requirePermission(
  name: string,
  { permission }: Endpoint,
  request: FastifyRequest,
  { actor }: Sender,
  { recordRefusal }: Authentication,
): Promise<void> {
  if (permission === null) return;
  const permissions = [permission].flat() as [Permission, ...Permission[]];
  const permitted = checkAnyPermission(actor, permissions);
  if (permitted.ok) return;
  await recordRefusal?.(permissions[0], request.params, permitted.refusal, actor, name);
  throw new RequestRefused(permitted.refusal);
}

/** Finds the sender of a request, by its token or else by its session cookie; throws RequestRefused unless the endpoint is open. */
async function findActor(
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  authentication: Authentication,
): Promise<Sender> {
  const { authenticate, limiters } = authentication;
  const token = bearerTokenOf(request);
  if (token === undefined) {
    if (request.headers.authorization === undefined) {
      const sender = await findSession(endpoint, request, reply, authentication);
      if (sender) return sender;
    }
    if (endpoint.open) return { actor: anonymous(request.ip) };
    throw new RequestRefused({
      code: "NOT_SIGNED_IN",
      message: request.headers.authorization
        ? "The Authorization header does not carry a bearer token."
        : "This needs a signed-in person or a token.",
      hint: "Send the header Authorization: Bearer TOKEN; `change-mgmt token create` makes a token, a sign-in link gives one.",
    });
  }
  const found = await authenticate(token, request.ip);
  if (found.ok) return { actor: { ipAddress: request.ip, ...found.value } };
  await limiters.refusedTokens(request, reply);
  if (endpoint.open) return { actor: anonymous(request.ip) };
  throw new RequestRefused(found.refusal);
}

/** The sender that a session cookie stands for; a cookie that is no good any more is taken away. */
async function findSession(
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  { authenticateSession, limiters }: Authentication,
): Promise<Sender | undefined> {
  const secret = authenticateSession && sessionSecretOf(request);
  if (secret === undefined) {
    if (endpoint.open) requireSameOrigin(endpoint, request, false);
    return undefined;
  }
  const found = await authenticateSession!(secret, request.ip);
  requireSameOrigin(endpoint, request, found.ok);
  if (found.ok) return { actor: { ipAddress: request.ip, ...found.value.actor }, sessionId: found.value.sessionId };
  await limiters.refusedTokens(request, reply);
  setSessionCookie(request, reply, null);
  if (endpoint.open) return undefined;
  throw new RequestRefused(found.refusal);
}
