import type { EndpointName, Endpoints } from "@change-mgmt/api/endpoints.ts";
import type { Outcome } from "@change-mgmt/domain/change/refusal.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import type { z } from "zod";

/** Bytes on their way in; nobody has counted them. */
export interface ByteBody {
  /** What the sender says how many there are. */
  readonly length?: number;
  readonly pieces: AsyncIterable<Uint8Array>;
}

type Parsed<E, K extends string> = E extends { readonly [P in K]: infer S extends z.ZodType }
  ? z.output<S>
  : E extends { readonly [P in K]: "bytes" }
    ? ByteBody
    : undefined;

/** One request after it was parsed with its endpoint's schemas and its sender was found. */
export interface Call<N extends EndpointName> {
  readonly params: Parsed<Endpoints[N], "params">;
  readonly query: Parsed<Endpoints[N], "query">;
  readonly body: Parsed<Endpoints[N], "body">;
  /** Who asks; on an open endpoint without a token the anonymous actor, which may do nothing. */
  readonly actor: Actor;
  readonly idempotencyKey?: string;
  /** From If-Match. */
  readonly expectedVersion?: number;
  /** From Last-Event-ID. */
  readonly lastEventId?: string;
  /** The session whose cookie the request came with. */
  readonly sessionId?: string;
  /** From User-Agent. */
  readonly userAgent?: string;
  /** The host that the sender addressed, with its port. */
  readonly host?: string;
  /** Aborted when the sender goes away. */
  readonly signal: AbortSignal;
}

/** What a streaming endpoint answers with: pieces as they come. */
export interface StreamAnswer {
  readonly pieces: AsyncIterable<string | Uint8Array>;
  readonly fileName?: string;
  /** In place of the endpoint's own. */
  readonly contentType?: string;
  /** How many bytes it will be, where that is known. */
  readonly length?: number;
  /** Further headers, which come before those that every answer has. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type Answer<N extends EndpointName> = Endpoints[N]["response"] extends z.ZodType
  ? z.input<Endpoints[N]["response"]>
  : StreamAnswer;

/** What becomes of the sender's session cookie: it carries a new secret until a time, or is taken away. */
export type SessionCookie = { readonly secret: string; readonly expiresAt: Date } | null;

/** An outcome, and where it begins or ends a session what becomes of the cookie. */
export type Answered<T> = Outcome<T> & { readonly cookie?: SessionCookie };

export type Handler<N extends EndpointName> = (call: Call<N>) => Promise<Answered<Answer<N>>>;

/** What a room of the server offers over HTTP: a handler for each endpoint it owns. */
export type Handlers = { readonly [N in EndpointName]?: Handler<N> };
