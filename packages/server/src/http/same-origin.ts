import type { Endpoint } from "@change-mgmt/api/endpoints.ts";
import type { FastifyRequest } from "fastify";
import { RequestRefused } from "./request-problem.ts";

/** The header that our own pages send with everything that changes something; other sites cannot, without a permission nobody gives. */
export const OWN_HEADER = "x-change-mgmt";

/**
 * Throws CROSS_SITE for a request that changes something and was not made by our own pages. One that a session cookie signs in must show
 * it; one that nobody is signed in for, such as a sign-in, is refused only where a browser says that it comes from elsewhere.
 */
export function requireSameOrigin(endpoint: Endpoint, request: FastifyRequest, bySession: boolean): void {
  if (endpoint.method === "GET") return;
  const origin = originOf(request);
  if (origin === "other" || (bySession && origin === "unsaid")) {
    throw refused("This request does not come from this server's own pages.");
  }
  if (bySession && request.headers[OWN_HEADER] === undefined) {
    throw refused(`This request is signed in by a cookie and lacks the header ${OWN_HEADER}.`);
  }
}

function originOf(request: FastifyRequest): "own" | "other" | "unsaid" {
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" ? "own" : "other";
  const { origin } = request.headers;
  if (origin === undefined) return "unsaid";
  if (origin === request.server.publicAddress) return "own";
  // The proxy in front may speak TLS where we do not, so only the hosts are held against each other.
  return URL.canParse(origin) && new URL(origin).host === request.host.toLowerCase() ? "own" : "other";
}

function refused(message: string): RequestRefused {
  return new RequestRefused({
    code: "CROSS_SITE",
    message,
    hint: `Use the pages of this server, or send a token with Authorization: Bearer; a page of this server sends ${OWN_HEADER}: 1.`,
  });
}
