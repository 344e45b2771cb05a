import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { Change, Deployment } from "@change-mgmt/api/changes.ts";
import { type Endpoint, type EndpointName, endpoints } from "@change-mgmt/api/endpoints.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Answered, Handlers, StreamAnswer } from "../commands/handler.ts";
import { anonymous } from "../identity/actors.ts";
import { credentialOf } from "../identity/credentials.ts";
import { type Authentication, authenticateSender, bearerTokenOf, requirePermission } from "./authentication.ts";
import { acceptByteBodies, BYTES_TYPE, byteBodyOf } from "./byte-body.ts";
import type { OnError } from "./errors.ts";
import type { OpenStreams } from "./open-streams.ts";
import { documentationOf } from "./openapi.ts";
import { parseRequest } from "./parse-request.ts";
import { RequestRefused, RequestUnread } from "./request-problem.ts";
import { sessionSecretOf, setSessionCookie } from "./session-cookie.ts";

declare module "fastify" {
  interface FastifyRequest {
    actor: Actor | null;
    sessionId: string | null;
  }
}

type AnyHandler = (call: object) => Promise<Answered<unknown>>;

export interface EndpointRoutes extends Authentication {
  readonly handlers: Handlers;
  /** Aborted when the server closes; ends event streams. */
  readonly closing: AbortSignal;
  readonly onError: OnError;
  /** Left out: streams last until their reader or the server goes. */
  readonly streams?: OpenStreams | undefined;
}

/** Adds a route for every endpoint that has a handler: limits, sender, permission, input, handler, answer, in this order. */
export function addEndpointRoutes(app: FastifyInstance, options: EndpointRoutes): void {
  app.decorateRequest("actor", null);
  app.decorateRequest("sessionId", null);
  const names = (Object.keys(options.handlers) as EndpointName[]).filter((name) => options.handlers[name]);
  const add = (to: FastifyInstance, name: EndpointName) =>
    addEndpointRoute(to, name, options.handlers[name] as AnyHandler, options);
  for (const name of names.filter((candidate) => !takesBytes(endpoints[candidate]))) add(app, name);
  app.register(async (part) => {
    acceptByteBodies(part);
    for (const name of names.filter((candidate) => takesBytes(endpoints[candidate]))) add(part, name);
  });
}

function takesBytes(endpoint: Endpoint): boolean {
  return endpoint.body === "bytes";
}

function addEndpointRoute(
  app: FastifyInstance,
  name: EndpointName,
  handler: AnyHandler,
  options: EndpointRoutes,
): void {
  const endpoint: Endpoint = endpoints[name];
  const { limiters } = options;
  const limit = LIMITED_APART[name] ?? "general";
  const live = endpoint.contentType === "text/event-stream";
  app.route({
    method: endpoint.method,
    url: endpoint.path,
    schema: documentationOf(name),
    exposeHeadRoute: endpoint.method === "GET" && endpoint.response !== "stream",
    onRequest: async (request, reply) => {
      reply.header("cache-control", "no-store");
      await limiters[limit](request, reply);
      const sender = await authenticateSender(name, endpoint, request, reply, options);
      await requirePermission(name, endpoint, request, sender, options);
      request.actor = sender.actor;
      request.sessionId = sender.sessionId ?? null;
    },
    onError: async (request, _reply, error) => {
      // A question in a wrong form is a slip; somebody who would write, or who asks too much, may be feeling their way.
      if (!(error instanceof RequestUnread) || (endpoint.method === "GET" && error.refusal.code !== "RATE_LIMITED"))
        return;
      const actor = request.actor ?? anonymous(request.ip);
      await options.recordRefusal?.("request", undefined, error.refusal, actor, name);
    },
    handler: async (request, reply) => {
      const parsed = parseRequest(endpoint, request);
      if (!parsed.ok) throw new RequestUnread(parsed.refusal);
      const gone = signalOfDeparture(reply);
      const signal = live ? endOfStream(request, reply, gone, options) : gone;
      const outcome = await handler({
        ...parsed.value,
        ...(endpoint.body === "bytes" ? { body: byteBodyOf(request) } : {}),
        actor: request.actor,
        ...(request.sessionId === null ? {} : { sessionId: request.sessionId }),
        ...(request.headers["user-agent"] === undefined ? {} : { userAgent: request.headers["user-agent"] }),
        ...(request.host ? { host: request.host } : {}),
        signal,
      });
      if (outcome.cookie !== undefined) setSessionCookie(request, reply, outcome.cookie);
      if (!outcome.ok) {
        // A question that was refused for what it asks, such as everybody's tokens: what commands refuse they have written down.
        if (endpoint.method === "GET" && NOT_PERMITTED.has(outcome.refusal.code))
          await options.recordRefusal?.(
            String(outcome.refusal.details?.permission ?? name),
            parsed.value.params,
            outcome.refusal,
            request.actor!,
            name,
          );
        throw new RequestRefused(outcome.refusal, retryHeader(outcome.refusal.details));
      }
      reply.code(endpoint.status ?? 200);
      if (endpoint.response === "stream") {
        const answer = outcome.value as StreamAnswer;
        const info = { requestId: request.id, method: request.method, route: endpoint.path };
        // Once the answer has begun its status is out; before that the error handler reports and answers.
        const report = (error: unknown) => {
          if (reply.raw.headersSent && !gone.aborted) options.onError(error, { errorId: randomUUID(), ...info });
        };
        return sendStream(reply, endpoint, { ...answer, pieces: reporting(answer.pieces, report) });
      }
      return sendDocument(reply, endpoint.response, outcome.value);
    },
  });
}

const NOT_PERMITTED: ReadonlySet<string> = new Set(["NOT_ALLOWED", "SCOPE_MISSING"]);

/** Endpoints that are counted apart: guessing there would be worth somebody's while, or each costs much. */
const LIMITED_APART: { readonly [N in EndpointName]?: "exchange" | "signIn" | "tries" } = {
  "links.exchange": "exchange",
  "session.begin": "signIn",
  "sample.signIn": "signIn",
  "password.set": "signIn",
  "rehearsals.check": "tries",
  "rehearsals.try": "tries",
};

/** When a refusal says until when somebody has to wait, the header that says the same. */
function retryHeader(details: Readonly<Record<string, unknown>> | undefined): Record<string, string> {
  const seconds = details?.retryAfterSeconds;
  return typeof seconds === "number" ? { "retry-after": String(seconds) } : {};
}

/** Aborted when a live stream has to end: its reader or the server goes, or what it was opened with is not good any more. */
function endOfStream(
  request: FastifyRequest,
  reply: FastifyReply,
  gone: AbortSignal,
  { closing, streams }: EndpointRoutes,
): AbortSignal {
  const secret = bearerTokenOf(request) ?? sessionSecretOf(request);
  if (streams === undefined || secret === undefined) return AbortSignal.any([gone, closing]);
  const over = new AbortController();
  reply.raw.once("close", () => over.abort());
  const signedOut = streams.follow(credentialOf(secret, request.actor!.handle), over.signal);
  return AbortSignal.any([gone, closing, signedOut]);
}

/** Aborted when the connection ends before the answer does. */
function signalOfDeparture(reply: FastifyReply): AbortSignal {
  const departure = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) departure.abort();
  });
  return departure.signal;
}

/** Sends what the schema declares of an answer and nothing else; an answer that does not fit it is a bug and throws. */
function sendDocument(reply: FastifyReply, schema: z.ZodType, value: unknown): FastifyReply {
  const document = schema.parse(value);
  const { version, number, id } = (document ?? {}) as Record<string, unknown>;
  if (typeof version === "number") reply.header("etag", `"${version}"`);
  if (reply.statusCode === 201 && schema === Change) reply.header("location", `/api/changes/${number}`);
  if (reply.statusCode === 202 && schema === Deployment) reply.header("location", `/api/deployments/${id}`);
  return reply.type("application/json; charset=utf-8").send(JSON.stringify(document));
}

async function* reporting<T>(pieces: AsyncIterable<T>, report: (error: unknown) => void): AsyncGenerator<T> {
  try {
    yield* pieces;
  } catch (error) {
    report(error);
    throw error;
  }
}

function sendStream(reply: FastifyReply, endpoint: Endpoint, answer: StreamAnswer): FastifyReply {
  const { fileName, length, headers = {} } = answer;
  reply.headers(headers);
  if (length !== undefined) reply.header("content-length", length);
  if (fileName !== undefined) {
    const ascii = fileName.replace(/[^\w.-]/g, "_");
    // What RFC 8187 leaves to itself, and encodeURIComponent does not encode.
    const encoded = encodeURIComponent(fileName).replace(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
    reply.header("content-disposition", `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`);
  }
  reply.header("x-accel-buffering", "no");
  return reply.type(answer.contentType ?? endpoint.contentType ?? BYTES_TYPE).send(Readable.from(answer.pieces));
}
