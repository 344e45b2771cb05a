import type { Endpoint } from "@change-mgmt/api/endpoints.ts";
import type { Outcome } from "@change-mgmt/domain/change/refusal.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Limiters } from "./rate-limits.ts";
import { RequestRefused } from "./request-problem.ts";

/** Finds who a token stands for, or refuses it (TOKEN_INVALID). */
export type Authenticate = (token: string, ipAddress: string) => Promise<Outcome<Actor>>;

/** Who asks where nobody signed in: holds nothing, may do nothing. */
export function anonymous(ipAddress: string): Actor {
  return {
    userId: "00000000-0000-0000-0000-000000000000",
    handle: "anonymous",
    roles: [],
    teams: [],
    positions: [],
    scopes: [],
    ipAddress,
  };
}

/** The token of an `Authorization: Bearer` header; undefined when there is none or it is not in that form. */
export function bearerTokenOf(request: FastifyRequest): string | undefined {
  return /^Bearer +([A-Za-z0-9._~+/=-]{1,4096}) *$/i.exec(request.headers.authorization ?? "")?.[1];
}

/** Finds the actor of a request; throws RequestRefused unless the endpoint is open. */
export async function findActor(
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  authenticate: Authenticate,
  limiters: Limiters,
): Promise<Actor> {
  const token = bearerTokenOf(request);
  if (token === undefined) {
    if (endpoint.open) return anonymous(request.ip);
    throw new RequestRefused({
      code: "NOT_SIGNED_IN",
      message: request.headers.authorization
        ? "The Authorization header does not carry a bearer token."
        : "This needs a signed-in person or a token.",
      hint: "Send the header Authorization: Bearer TOKEN; `change-mgmt token create` makes a token, a sign-in link gives one.",
    });
  }
  const found = await authenticate(token, request.ip);
  if (found.ok) return { ipAddress: request.ip, ...found.value };
  await limiters.refusedTokens(request, reply);
  if (endpoint.open) return anonymous(request.ip);
  throw new RequestRefused(found.refusal);
}
