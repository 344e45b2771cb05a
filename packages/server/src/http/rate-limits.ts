import { createHash } from "node:crypto";
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { bearerTokenOf } from "./authentication.ts";
import { RequestUnread } from "./request-problem.ts";
import { sessionSecretOf } from "./session-cookie.ts";

/** Requests per minute, the largest body in bytes, and how long in milliseconds somebody slow may hold a connection. */
export interface Limits {
  /** Of one token, or of one address where no token is sent. */
  readonly perMinute: number;
  /** Attempts of one address to exchange a one-time link. */
  readonly exchangesPerMinute: number;
  /** Attempts of one address to sign in or to set a password. */
  readonly signInsPerMinute: number;
  /** Refused tokens of one address; good ones from there are not held up. */
  readonly refusedTokensPerMinute: number;
  /** Tries of one token at a migration that is being written. */
  readonly triesPerMinute: number;
  readonly bodyBytes: number;
  /** Until the headers of a request are there. */
  readonly headersMs: number;
  /** Until a request is there whole, the bytes of a file included. */
  readonly requestMs: number;
  /** How often headers and requests are looked at for that. */
  readonly checkMs: number;
  /** On which nothing moves, in either direction; live streams send a comment more often. */
  readonly silenceMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  perMinute: 600,
  exchangesPerMinute: 20,
  signInsPerMinute: 60,
  refusedTokensPerMinute: 60,
  triesPerMinute: 120,
  bodyBytes: 8 * 1024 * 1024,
  headersMs: 30_000,
  requestMs: 300_000,
  checkMs: 10_000,
  silenceMs: 300_000,
};

/** Counts a request and throws RATE_LIMITED, with Retry-After, once its minute is used up. */
export type Limiter = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

export interface Limiters {
  readonly general: Limiter;
  readonly exchange: Limiter;
  readonly signIn: Limiter;
  readonly refusedTokens: Limiter;
  readonly tries: Limiter;
}

/** Registers rate limiting that each route asks for itself, so that pages, health and metrics stay free of it. */
export async function registerLimiters(app: FastifyInstance, limits: Limits): Promise<Limiters> {
  await app.register(rateLimit, { global: false });
  const address = (request: FastifyRequest) => `address:${request.ip}`;
  const sender = (request: FastifyRequest) => {
    const token = bearerTokenOf(request) ?? sessionSecretOf(request);
    return token ? `token:${createHash("sha256").update(token).digest("base64url")}` : address(request);
  };
  const counter = (max: number, keyGenerator: (request: FastifyRequest) => string) =>
    app.createRateLimit({ max, timeWindow: 60_000, keyGenerator });
  return {
    general: limiter(counter(limits.perMinute, sender)),
    exchange: limiter(counter(limits.exchangesPerMinute, address)),
    signIn: limiter(counter(limits.signInsPerMinute, address)),
    refusedTokens: limiter(counter(limits.refusedTokensPerMinute, address)),
    tries: limiter(counter(limits.triesPerMinute, sender)),
  };
}

type Counter = ReturnType<FastifyInstance["createRateLimit"]>;

function limiter(count: Counter): Limiter {
  return async (request, reply) => {
    const state = await count(request);
    if (state.isAllowed) return;
    reply.header("ratelimit-limit", state.max);
    reply.header("ratelimit-remaining", state.remaining);
    reply.header("ratelimit-reset", state.ttlInSeconds);
    if (!state.isExceeded) return;
    const seconds = Math.max(1, state.ttlInSeconds);
    throw new RequestUnread(
      {
        code: "RATE_LIMITED",
        message: `More than ${state.max} requests came within a minute.`,
        hint: `Wait ${seconds} seconds, then go on more slowly.`,
      },
      { "retry-after": String(seconds) },
    );
  };
}
