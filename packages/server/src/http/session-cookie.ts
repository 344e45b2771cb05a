import type { FastifyReply, FastifyRequest } from "fastify";
import type { SessionCookie } from "../commands/handler.ts";

const NAME = "change_mgmt_session";

/** Whether people come over TLS: the public address says so, or else the connection. */
function isSecure(request: FastifyRequest): boolean {
  const { publicAddress } = request.server;
  return publicAddress === null ? request.protocol === "https" : publicAddress.startsWith("https:");
}

/** Over TLS the prefix makes browsers refuse the cookie from anywhere but this host; without TLS they would not store it. */
function nameFor(request: FastifyRequest): string {
  return isSecure(request) ? `__Host-${NAME}` : NAME;
}

/** The secret in the session cookie of a request; undefined when there is none of that form, or two that differ. */
export function sessionSecretOf(request: FastifyRequest): string | undefined {
  const name = nameFor(request);
  const found = new Set(
    (request.headers.cookie ?? "")
      .split(";")
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(`${name}=`))
      .map((pair) => pair.slice(name.length + 1)),
  );
  const [secret] = found;
  return found.size === 1 && secret !== undefined && /^cm_session_[A-Za-z0-9_-]{43}$/.test(secret) ? secret : undefined;
}

/** Sets the session cookie of an answer, or takes it away: out of reach of scripts, never sent from other sites. */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, cookie: SessionCookie): void {
  const secure = isSecure(request) ? "; Secure" : "";
  const value = cookie?.secret ?? "";
  const expires = (cookie?.expiresAt ?? new Date(0)).toUTCString();
  // Fastify keeps every cookie of an answer; the last word about this one is what counts.
  reply.removeHeader("set-cookie");
  reply.header(
    "set-cookie",
    `${nameFor(request)}=${value}; Path=/; Expires=${expires}; HttpOnly; SameSite=Strict${secure}`,
  );
}
