import { type Change, ChangeSummary, type Deployment } from "@change-mgmt/api/changes.ts";
import { type Client, createClient } from "@change-mgmt/api/client.ts";
import { accept, type Outcome, refuse } from "@change-mgmt/domain/change/refusal.ts";
import type { Actor } from "@change-mgmt/domain/identity/roles.ts";
import type { FastifyInstance } from "fastify";
import { Registry } from "prom-client";
import type { z } from "zod";
import type { Call, Handlers } from "../commands/handler.ts";
import { createHttpApp, type HttpAppOptions } from "./app.ts";
import type { ErrorInfo } from "./errors.ts";

export const ALICE: Actor = {
  userId: "0193a000-0000-7000-8000-000000000001",
  handle: "alice",
  roles: ["operator", "administrator"],
  teams: ["data"],
  positions: [],
};

/** An answer of the shape Change, complete, with `changes` on top. */
export function aChange(changes: Partial<z.input<typeof Change>> = {}): z.input<typeof Change> {
  return {
    id: "0193a000-0000-7000-8000-0000000000a1",
    number: "CHG-1",
    process: "data-layer",
    title: "Add a nickname to users",
    type: "add-field",
    priority: "medium",
    status: "awaiting_approval",
    stage: "approval",
    stageTitle: "Approval",
    team: "data",
    requester: "alice",
    assignee: "bob",
    breaking: false,
    version: 7,
    createdAt: "2026-11-20T09:00:00Z",
    updatedAt: "2026-11-20T15:30:00Z",
    description: "People want to be called what they like.",
    processVersion: 1,
    processHash: "p1",
    fields: {},
    artifacts: [],
    environments: [],
    contentHash: "c1",
    assessment: null,
    steps: [],
    votes: [],
    recusals: [],
    mayVoteFor: [],
    deadlines: [],
    scheduled: [],
    approvals: [],
    acts: [],
    facts: {},
    rollbackProcedure: [],
    ...changes,
  };
}

export function aSummary(changes: Partial<z.input<typeof ChangeSummary>> = {}): z.input<typeof ChangeSummary> {
  return ChangeSummary.parse({ ...aChange(), ...changes });
}

export function aDeployment(changes: Partial<z.input<typeof Deployment>> = {}): z.input<typeof Deployment> {
  return {
    id: "0193a000-0000-7000-8000-0000000000d1",
    change: "CHG-1",
    environment: "staging",
    direction: "deploy",
    state: "requested",
    attempt: 1,
    requestedBy: "alice",
    requestedAt: "2026-11-20T16:00:00Z",
    startedAt: null,
    finishedAt: null,
    paused: null,
    targetState: null,
    refusal: null,
    steps: [],
    ...changes,
  };
}

/** Knows one token, "good", which is Alice's. */
export async function knowsAlice(token: string, ipAddress: string): Promise<Outcome<Actor>> {
  if (token === "good") return accept({ ...ALICE, ipAddress });
  return refuse("TOKEN_INVALID", "The token is not known or not good any more.", "Sign in again.");
}

export interface StartedHttp {
  readonly app: FastifyInstance;
  readonly url: string;
  readonly client: Client;
  /** Bugs that were reported. */
  readonly errors: { error: unknown; info: ErrorInfo }[];
  /** One request with Alice's token; `body` is sent as JSON text unless it is a string already. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
}

/** A listening server on a free loopback port with the handlers of one test. */
export async function startHttp(handlers: Handlers, options: Partial<HttpAppOptions> = {}): Promise<StartedHttp> {
  const errors: StartedHttp["errors"] = [];
  const app = await createHttpApp({
    handlers,
    authenticate: knowsAlice,
    metrics: new Registry(),
    ready: async () => ({ ok: true, checks: { store: "ok" } }),
    version: "1.2.3",
    onError: (error, info) => errors.push({ error, info }),
    ...options,
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  let keys = 0;
  const client = createClient({ baseUrl: url, token: "good", newKey: () => `key-${++keys}` });
  const send: StartedHttp["send"] = (method, path, body, headers = {}) =>
    fetch(url + path, {
      method,
      headers: {
        authorization: "Bearer good",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  return { app, url, client, errors, send };
}

/** A handler set that remembers what it was called with. */
export function recordingHandlers(): { calls: Call<"changes.create">[]; handlers: Handlers } {
  const calls: Call<"changes.create">[] = [];
  return {
    calls,
    handlers: {
      "changes.create": async (call) => {
        calls.push(call);
        return accept(aChange({ title: String(call.body.fields.title), version: 1 }));
      },
      "changes.list": async () => accept({ items: [aSummary()], nextCursor: null }),
      "changes.get": async ({ params }) =>
        params.id === "CHG-1"
          ? accept(aChange())
          : refuse("CHANGE_UNKNOWN", `There is no change ${params.id}.`, "List the changes to find its number."),
      "changes.edit": async ({ expectedVersion }) =>
        expectedVersion === 7
          ? accept(aChange({ version: 8 }))
          : refuse("STALE_VERSION", "The change is at version 7 now.", "Read it again.", { details: { version: 7 } }),
      "changes.deploy": async () => accept(aDeployment()),
    },
  };
}
