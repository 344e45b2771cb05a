import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { CallInput } from "@change-mgmt/api/client.ts";
import { type Endpoint, type EndpointName, type Endpoints, endpoints } from "@change-mgmt/api/endpoints.ts";
import { Problem } from "@change-mgmt/api/problem.ts";

type Response<N extends EndpointName> = Endpoints[N]["response"] extends "stream" ? Uint8Array | string : unknown;

/** What a handler is given: the parts of the request as the interface's schemas read them. */
export interface Seen<N extends EndpointName = EndpointName> {
  readonly params: Record<string, string>;
  readonly query: Record<string, unknown>;
  readonly body: CallInput<N>["body"];
  readonly headers: IncomingMessage["headers"];
}

export type Handlers = { readonly [N in EndpointName]?: (seen: Seen<N>) => Response<N> | Promise<Response<N>> };

/** A refusal that a handler answers with. */
export class FakeRefusal extends Error {
  readonly problem: Problem;
  constructor(status: number, code: string, detail: string, more: Partial<Problem> = {}) {
    super(detail);
    this.problem = { type: "about:blank", title: code, status, code, detail, hint: "What to do about it.", ...more };
  }
}

export interface FakeServer {
  readonly address: string;
  /** Requests in order, as `METHOD /path?query`. */
  readonly log: string[];
  /** What clients did that the interface does not allow. A test is only sound when it stays empty. */
  readonly violations: string[];
  close(): Promise<void>;
}

/**
 * A server on loopback that takes only what the table of endpoints allows: known routes, bodies and queries without strangers,
 * idempotency keys on every POST, a version on every edit, a token where one is due. Its own answers must fit the schemas too.
 */
export async function startFakeServer(handlers: Handlers, token = "secret-token"): Promise<FakeServer> {
  const log: string[] = [];
  const violations: string[] = [];
  const server = createServer((request, response) => {
    log.push(`${request.method} ${request.url}`);
    serve(request, handlers, token).then(
      ({ status, type, body }) => send(response, status, type, body),
      (error) => {
        if (error instanceof FakeRefusal)
          return send(
            response,
            error.problem.status,
            "application/problem+json",
            JSON.stringify(Problem.parse(error.problem)),
          );
        violations.push(`${request.method} ${request.url}: ${error.message}`);
        send(response, 500, "text/plain", error.message);
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    log,
    violations,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(request: IncomingMessage, handlers: Handlers, token: string) {
  const url = new URL(request.url ?? "/", "http://loopback");
  const { name, params } = route(request.method ?? "", url.pathname);
  const endpoint: Endpoint = endpoints[name];
  const { authorization } = request.headers;
  if (!endpoint.open && authorization !== `Bearer ${token}`)
    throw new FakeRefusal(401, authorization ? "TOKEN_INVALID" : "NOT_SIGNED_IN", "You are not signed in.");
  if (endpoint.open && authorization) throw new Error("a token was sent where none is needed");
  if (endpoint.method === "POST" && !request.headers["idempotency-key"]) throw new Error("no Idempotency-Key");
  if (name === "changes.edit" && !/^"\d+"$/.test(request.headers["if-match"] ?? "")) throw new Error("no If-Match");
  const body = endpoint.body === "bytes" ? await readBytes(request) : await readBody(request);
  const seen = {
    params: strictly(endpoint.params, params, "params"),
    query: strictly(endpoint.query, Object.fromEntries(url.searchParams), "query"),
    body: endpoint.body === "bytes" ? body : strictly(endpoint.body, body, "body"),
    headers: request.headers,
  };
  const handler = handlers[name] as ((seen: object) => unknown) | undefined;
  if (!handler) throw new Error(`the test has no answer for ${name}`);
  const answer = await handler(seen);
  const status = endpoint.status ?? 200;
  if (endpoint.response === "stream") return { status, type: endpoint.contentType!, body: answer as Uint8Array };
  return { status, type: "application/json", body: JSON.stringify(endpoint.response.parse(answer)) };
}

function route(method: string, path: string): { name: EndpointName; params: Record<string, string> } {
  for (const [name, endpoint] of Object.entries(endpoints) as [EndpointName, Endpoint][]) {
    const pattern = new RegExp(`^${endpoint.path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`);
    const match = endpoint.method === method && pattern.exec(path);
    if (match) return { name, params: mapped(match.groups ?? {}) };
  }
  throw new Error("no such endpoint");
}

function mapped(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([key, value]) => [key, decodeURIComponent(value)]));
}

/** Parses and refuses members that the schema does not know, at the top level. */
function strictly(schema: Exclude<Endpoint["body"], "bytes">, value: unknown, what: string): unknown {
  if (!schema) {
    if (value !== undefined && Object.keys(value as object).length > 0) throw new Error(`${what} where none is taken`);
    return {};
  }
  const strict =
    "strict" in schema && typeof schema.strict === "function" ? (schema.strict() as typeof schema) : schema;
  const parsed = strict.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(
    `${what} does not fit: ${parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`).join("; ")}`,
  );
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  if (request.headers["content-type"] !== "application/octet-stream")
    throw new Error("bytes without their content type");
  return await allOf(request);
}

async function allOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const text = (await allOf(request)).toString("utf8");
  if (text === "") return undefined;
  if (request.headers["content-type"] !== "application/json") throw new Error("a body without its content type");
  return JSON.parse(text);
}

function send(response: ServerResponse, status: number, type: string, body: Uint8Array | string): void {
  response.writeHead(status, { "content-type": type });
  response.end(body);
}
