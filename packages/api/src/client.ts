import type { z } from "zod";
import { type Endpoint, type EndpointName, type Endpoints, endpoints } from "./endpoints.ts";
import { Problem } from "./problem.ts";

/** The body of an endpoint that takes bytes. */
export type Bytes = Blob | Uint8Array<ArrayBuffer>;

type Part<E, K extends "params" | "query" | "body"> = E extends { readonly [P in K]: infer S extends z.ZodType }
  ? { [P in K]: z.input<S> }
  : E extends { readonly [P in K]: "bytes" }
    ? { [P in K]: Bytes }
    : { [P in K]?: undefined };

/** What a call takes: path parameters, query and body of its endpoint, and the headers that matter. */
export type CallInput<N extends EndpointName> = Part<Endpoints[N], "params"> &
  (Endpoints[N] extends { readonly query: infer S extends z.ZodType }
    ? { query?: z.input<S> }
    : { query?: undefined }) &
  Part<Endpoints[N], "body"> & {
    /** Same key, same effect: made up afresh for each call of a POST when left out. */
    idempotencyKey?: string;
    /** Version that was read; a stale one is refused with STALE_VERSION. */
    ifMatch?: number;
    /** Of a stream of events: the last one that came; those after it are told. */
    lastEventId?: string;
    signal?: AbortSignal;
  };

export type CallOutput<N extends EndpointName> = Endpoints[N]["response"] extends z.ZodType
  ? z.output<Endpoints[N]["response"]>
  : Response;

/** A refusal or failure that came over the wire; `problem` says code, sentence and hint. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.name = "ProblemError";
    this.problem = problem;
  }
}

export interface ClientOptions {
  /** Such as `http://127.0.0.1:7070`. */
  readonly baseUrl: string;
  readonly token?: string;
  readonly fetch?: typeof fetch;
  /** Makes idempotency keys. */
  readonly newKey: () => string;
}

export type Client = <N extends EndpointName>(
  name: N,
  ...input: Record<string, never> extends CallInput<N> ? [CallInput<N>?] : [CallInput<N>]
) => Promise<CallOutput<N>>;

/** Makes the typed client of the HTTP interface. Rejects with ProblemError for every answer that is not a success. */
export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? fetch;
  return (async (name: EndpointName, input: LooseInput = {}) => {
    const endpoint: Endpoint = endpoints[name];
    const url = options.baseUrl.replace(/\/$/, "") + fillPath(endpoint.path, input.params) + queryString(input.query);
    const headers: Record<string, string> = { accept: endpoint.contentType ?? "application/json" };
    if (options.token) headers.authorization = `Bearer ${options.token}`;
    // Shows a server that knows the sender by a cookie that its own page asks.
    if (endpoint.method !== "GET") headers["x-change-mgmt"] = "1";
    if (endpoint.method === "POST") headers["idempotency-key"] = input.idempotencyKey ?? options.newKey();
    if (input.ifMatch !== undefined) headers["if-match"] = `"${input.ifMatch}"`;
    if (input.lastEventId !== undefined) headers["last-event-id"] = input.lastEventId;
    const raw = endpoint.body === "bytes";
    const body = input.body === undefined ? undefined : raw ? (input.body as Bytes) : JSON.stringify(input.body);
    if (body !== undefined) headers["content-type"] = raw ? "application/octet-stream" : "application/json";
    const response = await send(url, {
      method: endpoint.method,
      headers,
      ...(body === undefined ? {} : { body }),
      ...(input.signal ? { signal: input.signal } : {}),
    });
    if (!response.ok) throw new ProblemError(await readProblem(response));
    return endpoint.response === "stream" ? response : await response.json();
  }) as Client;
}

interface LooseInput {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  idempotencyKey?: string;
  ifMatch?: number;
  lastEventId?: string;
  signal?: AbortSignal;
}

function fillPath(path: string, params: Record<string, string> = {}): string {
  return path.replace(/:([A-Za-z]+)/g, (_, key: string) => encodeURIComponent(params[key] ?? ""));
}

function queryString(query: Record<string, unknown> = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = Object.fromEntries(pairs.map(([key, value]) => [key, String(value)]));
  return pairs.length === 0 ? "" : `?${new URLSearchParams(text)}`;
}

async function readProblem(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    return Problem.parse(JSON.parse(text));
  } catch {
    return {
      type: "about:blank",
      title: "Unexpected answer",
      status: response.status,
      code: "UNEXPECTED_ANSWER",
      detail: `The server answered ${response.status} with something that is not a problem document.`,
      hint: "Check that the address is that of a change-mgmt server and that no proxy answers in its place.",
    };
  }
}
