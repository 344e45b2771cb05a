import { randomUUID } from "node:crypto";
import fastify, { type FastifyInstance } from "fastify";
import type { Registry } from "prom-client";
import type { Handlers } from "../commands/handler.ts";
import { addApiDocs } from "./api-docs.ts";
import type { Authenticate, AuthenticateSession, RecordRefusal } from "./authentication.ts";
import { addEndpointRoutes } from "./endpoint-routes.ts";
import { answerErrors, type OnError, refusalOfFastify, sendRefusal } from "./errors.ts";
import { addErrorsPage } from "./errors-page.ts";
import { acceptJsonBodies } from "./json-body.ts";
import { OpenStreams, type OpenStreamsOptions } from "./open-streams.ts";
import { registerOpenApi } from "./openapi.ts";
import { addHealth, addMetrics, type Readiness } from "./operation-routes.ts";
import { addPages, readPages, WEB_DIRECTORY } from "./pages.ts";
import { DEFAULT_LIMITS, type Limits, registerLimiters } from "./rate-limits.ts";
import { problemOf, RequestRefused } from "./request-problem.ts";
import { addRulesPage } from "./rules-page.ts";
import { registerSecurityHeaders, SECURITY_HEADERS } from "./security-headers.ts";
import { answerUnknownRoutes } from "./unknown-routes.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** The origin that people reach this server at; null where nobody has said. */
    publicAddress: string | null;
  }
}

export interface HttpAppOptions {
  /** An endpoint without a handler is not served and not documented; health and readiness are served here. */
  readonly handlers: Handlers;
  readonly authenticate: Authenticate;
  /** Left out: no cookie signs anybody in. */
  readonly authenticateSession?: AuthenticateSession;
  /** Writes what is refused before any command into the audit trail: false claims of who asks, questions somebody may not ask. */
  readonly recordRefusal?: RecordRefusal;
  /** By which live streams end when their reader is signed out; left out, they go on. `lookMs`: how often it is looked. */
  readonly streams?: Pick<OpenStreamsOptions, "stillGood" | "lookMs">;
  /** Gets the HTTP metrics; all it holds is served at /metrics. */
  readonly metrics: Registry;
  readonly ready: () => Promise<Readiness>;
  /** Of the product, for the OpenAPI document. */
  readonly version: string;
  readonly limits?: Partial<Limits>;
  /** Hears of every bug, with the id its sender was told. */
  readonly onError: OnError;
  /** Directory of the web app's built files; false serves none. */
  readonly pages?: { readonly directory: string } | false;
  /** The origin that people reach this server at; left out: what each request says of itself. */
  readonly publicAddress?: string | undefined;
  /** Whether X-Forwarded-For says who asks: true, or the addresses of the proxies that may say so. */
  readonly trustProxy?: boolean | string | readonly string[];
}

/** Makes the HTTP server of the product, not yet listening. Closing it ends live event streams and lets other answers finish. */
export async function createHttpApp(options: HttpAppOptions): Promise<FastifyInstance> {
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const { trustProxy = false } = options;
  const app = fastify({
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    connectionTimeout: limits.silenceMs,
    http: {
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: limits.checkMs,
      // Node would refuse it with an answer of its own; see below.
      requireHostHeader: false,
    },
    trustProxy: typeof trustProxy === "object" ? [...trustProxy] : trustProxy,
    genReqId: ({ headers }) => wellFormedId(headers["x-request-id"]) ?? randomUUID(),
    routerOptions: { maxParamLength: 2000 },
    frameworkErrors: (error, request, reply) => {
      reply.headers({ ...SECURITY_HEADERS, "x-request-id": request.id });
      sendRefusal(reply, refusalOfFastify(error, limits.bodyBytes) ?? MALFORMED);
    },
    clientErrorHandler: (error, socket) => {
      if (!socket.writable || error.code === "ECONNRESET") return socket.destroy();
      socket.end(rawProblem(OF_CONNECTIONS[error.code] ?? MALFORMED));
    },
  });
  app.decorate("publicAddress", options.publicAddress ?? null);
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  // Node would refuse expectations it does not know with an answer of its own; they may be ignored as well.
  app.server.on("checkExpectation", (request, response) => app.server.emit("request", request, response));
  acceptJsonBodies(app);
  answerErrors(app, options.onError, limits.bodyBytes);
  const pages = options.pages === false ? undefined : await readPages(options.pages?.directory ?? WEB_DIRECTORY);
  answerUnknownRoutes(app, pages);
  addMetrics(app, options.metrics);
  await registerSecurityHeaders(app);
  app.addHook("onRequest", async ({ headers, raw }) => {
    if (headers.host === undefined && raw.httpVersion === "1.1") throw MALFORMED;
  });
  await registerOpenApi(app, options.version);
  const limiters = await registerLimiters(app, limits);
  const closing = new AbortController();
  app.addHook("preClose", async () => closing.abort());
  app.addHook("onResponse", async () => {
    // A connection whose answer ends while the server closes would else be kept for the next request, and closing with it.
    if (closing.signal.aborted) setImmediate(() => app.server.closeIdleConnections());
  });
  const { health: _health, ready: _ready, ...handlers } = options.handlers;
  addEndpointRoutes(app, {
    handlers,
    authenticate: options.authenticate,
    authenticateSession: options.authenticateSession,
    recordRefusal: options.recordRefusal,
    limiters,
    closing: closing.signal,
    streams: options.streams && new OpenStreams({ ...options.streams, onError: reportOf(options.onError) }),
    onError: options.onError,
  });
  addHealth(app, options.ready, options.onError);
  await addApiDocs(app);
  addErrorsPage(app);
  addRulesPage(app);
  if (pages) addPages(app, pages);
  await app.ready();
  return app;
}

function reportOf(onError: OnError): (error: unknown) => void {
  return (error) => onError(error, { errorId: randomUUID(), requestId: "", method: "GET", route: "/api/events" });
}

const MALFORMED = new RequestRefused({
  code: "REQUEST_MALFORMED",
  message: "The request is not well-formed HTTP.",
  hint: "Check its first line and its headers.",
});

const HEADERS_TOO_LARGE = new RequestRefused({
  code: "HEADERS_TOO_LARGE",
  message: "The headers of the request are too large.",
  hint: "Send fewer or shorter headers.",
});

const TOO_SLOW = new RequestRefused({
  code: "REQUEST_TIMEOUT",
  message: "The request did not arrive whole in time.",
  hint: "Send it again on a better connection; a large file may need to be split.",
});

/** What connections end with before a request is read, by Node's code. */
const OF_CONNECTIONS: Readonly<Record<string, RequestRefused>> = {
  HPE_HEADER_OVERFLOW: HEADERS_TOO_LARGE,
  ERR_HTTP_REQUEST_TIMEOUT: TOO_SLOW,
};

/** A whole answer for a connection on which no request could be read. */
function rawProblem({ refusal }: RequestRefused): string {
  const problem = problemOf(refusal);
  const body = JSON.stringify(problem);
  const headers = {
    "content-type": "application/problem+json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    connection: "close",
    "x-request-id": randomUUID(),
    ...SECURITY_HEADERS,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${problem.status} ${problem.title}\r\n${lines.join("")}\r\n${body}`;
}

function wellFormedId(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" && /^[\w.-]{1,100}$/.test(value) ? value : undefined;
}
