import { connect } from "node:net";
import { ProblemError } from "@change-mgmt/api/client.ts";
import { accept, refuse } from "@change-mgmt/domain/change/refusal.ts";
import { Registry } from "prom-client";
import { afterEach, expect, test } from "vitest";
import type { Handlers } from "../commands/handler.ts";
import type { HttpAppOptions } from "./app.ts";
import {
  ALICE,
  aChange,
  aDeployment,
  aSummary,
  knowsAlice,
  recordingHandlers,
  type StartedHttp,
  startHttp,
} from "./testing.ts";

const started: StartedHttp[] = [];
async function serve(handlers: Handlers, options: Partial<HttpAppOptions> = {}): Promise<StartedHttp> {
  const http = await startHttp(handlers, options);
  started.push(http);
  return http;
}
afterEach(async () => {
  await Promise.all(started.splice(0).map(({ app }) => app.close()));
});

test("the typed client and the server understand each other", async () => {
  const { handlers, calls } = recordingHandlers();
  const { client } = await serve(handlers);
  const created = await client("changes.create", { body: { fields: { title: "Ünïcode ✓" }, artifacts: [] } });
  expect(created).toMatchObject({ number: "CHG-1", title: "Ünïcode ✓", version: 1 });
  expect(calls[0]).toMatchObject({
    body: { fields: { title: "Ünïcode ✓" }, artifacts: [], submit: false },
    actor: { ...ALICE, ipAddress: "127.0.0.1" },
    idempotencyKey: "key-1",
  });
  expect(calls[0]?.signal.aborted).toBe(false);
  expect((await client("changes.list", { query: { limit: 5, active: "true" } })).items).toHaveLength(1);
  expect(await client("changes.get", { params: { id: "CHG-1" } })).toEqual(aChange());
  expect((await client("changes.edit", { params: { id: "CHG-1" }, body: {}, ifMatch: 7 })).version).toBe(8);
  const failure = await client("changes.get", { params: { id: "CHG-99/x?y" } }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ProblemError);
  expect((failure as ProblemError).problem).toMatchObject({
    status: 404,
    code: "CHANGE_UNKNOWN",
    detail: "There is no change CHG-99/x?y.",
  });
});

test("a refusal crosses the wire whole, under the status of its code", async () => {
  const more = {
    place: { file: "change-mgmt.yaml", line: 3, column: 5 },
    problems: [{ code: "X", message: "m", place: { pointer: "/a" }, hint: "h" }],
    details: { missing: ["review"] },
  };
  const { send } = await serve({
    "changes.get": async () => refuse("OWN_CHANGE", "You requested this change.", "Ask somebody else.", more),
    "changes.list": async () => refuse("SOME_NEW_CODE", "Not now.", "Later."),
  });
  const response = await send("GET", "/api/changes/CHG-1");
  expect(response.status).toBe(403);
  expect(await response.json()).toEqual({
    type: "/docs/errors#OWN_CHANGE",
    title: "Own change",
    status: 403,
    detail: "You requested this change.",
    code: "OWN_CHANGE",
    hint: "Ask somebody else.",
    ...more,
  });
  expect((await send("GET", "/api/changes")).status).toBe(409);
});

test("an answer carries what its schema declares and nothing else", async () => {
  const leaking = { ...aSummary(), passwordHash: "secret", raw: { row: 1 } };
  const { send } = await serve({
    "changes.list": async () => accept({ items: [leaking], nextCursor: null, sql: "x" } as never),
  });
  expect(await (await send("GET", "/api/changes")).json()).toEqual({ items: [aSummary()], nextCursor: null });
});

test("versions are sent as ETag, new things with their Location, and nothing is kept by caches", async () => {
  const { handlers } = recordingHandlers();
  const { send } = await serve(handlers);
  const created = await send("POST", "/api/changes", { fields: { title: "x" } });
  expect(created.status).toBe(201);
  expect(created.headers.get("location")).toBe("/api/changes/CHG-1");
  expect(created.headers.get("etag")).toBe('"1"');
  expect(created.headers.get("cache-control")).toBe("no-store");
  const deployed = await send("POST", "/api/changes/CHG-1/deploy", { environment: "staging" });
  expect(deployed.status).toBe(202);
  expect(deployed.headers.get("location")).toBe(`/api/deployments/${aDeployment().id}`);
  expect(deployed.headers.get("etag")).toBeNull();
});

test("a bug says an error id and nothing else, and is reported under that id", async () => {
  const bug = new Error("relation users_secret does not exist: SELECT password FROM users_secret");
  const { send, errors } = await serve({
    "changes.get": async () => Promise.reject(bug),
    "changes.list": async () => accept({ items: [{ id: 7 }], nextCursor: null } as never),
  });
  const response = await send("GET", "/api/changes/CHG-1");
  const text = await response.text();
  const problem = JSON.parse(text);
  expect(response.status).toBe(500);
  expect(problem).toMatchObject({ code: "UNEXPECTED", details: { errorId: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
  expect(text).not.toMatch(/SELECT|users_secret|at |node_modules/);
  expect(errors).toEqual([
    {
      error: bug,
      info: {
        errorId: problem.details.errorId,
        requestId: response.headers.get("x-request-id"),
        method: "GET",
        route: "/api/changes/:id",
      },
    },
  ]);
  expect((await send("GET", "/api/changes")).status).toBe(500);
  expect(String(errors[1]?.error)).toContain("number");
});

test("who does not sign in, or with a token that is not known, is told how", async () => {
  const { handlers, calls } = recordingHandlers();
  const { url } = await serve(handlers);
  const tries = [
    [{}, "NOT_SIGNED_IN"],
    [{ authorization: "Basic Z29vZDpnb29k" }, "NOT_SIGNED_IN"],
    [{ authorization: "Bearer " }, "NOT_SIGNED_IN"],
    [{ authorization: "Bearer bad" }, "TOKEN_INVALID"],
  ] as const;
  for (const [headers, code] of tries) {
    const response = await fetch(`${url}/api/changes`, { method: "POST", headers, body: "{broken" });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe('Bearer realm="change-mgmt"');
    expect(await response.json()).toMatchObject({ code });
  }
  expect(calls).toEqual([]);
  expect((await fetch(`${url}/api/changes`, { headers: { authorization: "bearer good" } })).status).toBe(200);
});

test("a question that somebody may not ask is refused before it is looked at, and written down, as is who claims to be somebody", async () => {
  const { calls, handlers } = recordingHandlers();
  const written: string[] = [];
  const { url, send } = await serve(
    { ...handlers, "audit.export": handlers["changes.list"] as never },
    {
      authenticate: async (token, ip) => {
        const known = await knowsAlice(token, ip);
        return known.ok ? accept({ ...ALICE, roles: ["requester"] }) : known;
      },
      recordRefusal: async (what, input, { code }, { handle }, operation) => {
        written.push(`${what} ${JSON.stringify(input)} ${code} ${handle} ${operation}`);
      },
    },
  );
  const response = await send("GET", "/api/audit/export?nonsense=1");
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ code: "NOT_ALLOWED", details: { permission: "audit.export" } });
  await fetch(`${url}/api/changes/CHG-1`, { headers: { authorization: "Bearer bad" } });
  await fetch(`${url}/api/changes/CHG-1`);
  expect(calls).toEqual([]);
  expect(written).toEqual([
    "audit.export {} NOT_ALLOWED alice audit.export",
    'request {"id":"CHG-1"} TOKEN_INVALID anonymous changes.get',
  ]);
});

test("a write in a wrong form and a request too many are written down, a question in a wrong form is not", async () => {
  const written: string[] = [];
  const { send } = await serve(recordingHandlers().handlers, {
    limits: { perMinute: 4 },
    recordRefusal: async (what, input, { code }, { handle }, operation) => {
      written.push(`${what} ${JSON.stringify(input)} ${code} ${handle} ${operation}`);
    },
  });
  const codes: string[] = [];
  const ask = async (...request: Parameters<typeof send>) =>
    codes.push(((await (await send(...request)).json()) as { code: string }).code);
  await ask("GET", "/api/changes?nonsense=1");
  await ask("PATCH", "/api/changes/CHG-1", "{");
  await ask("POST", "/api/changes", { nonsense: true });
  await ask("POST", "/api/changes", { fields: {}, artifacts: "\ud800" });
  await ask("GET", "/api/changes");
  expect(codes).toEqual(["INPUT_INVALID", "JSON_INVALID", "INPUT_INVALID", "INPUT_INVALID", "RATE_LIMITED"]);
  expect(written).toEqual([
    "request undefined JSON_INVALID alice changes.edit",
    "request undefined INPUT_INVALID alice changes.create",
    "request undefined INPUT_INVALID alice changes.create",
    "request undefined RATE_LIMITED anonymous changes.list",
  ]);
});

test("an open endpoint is served to anybody, as nobody, whatever token is sent", async () => {
  const actors: string[] = [];
  const { url } = await serve({
    "links.exchange": async ({ actor }) => {
      actors.push(`${actor.handle} ${actor.roles.length} ${actor.ipAddress}`);
      return refuse("LINK_INVALID", "The link was used.", "Ask for a new one.");
    },
  });
  for (const headers of [{}, { authorization: "Bearer bad" }, { authorization: "Bearer good" }]) {
    const body = JSON.stringify({ code: "0123456789" });
    const response = await fetch(`${url}/api/links/exchange`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body,
    });
    expect(response.status).toBe(401);
  }
  expect(actors).toEqual(["anonymous 0 127.0.0.1", "anonymous 0 127.0.0.1", "alice 2 127.0.0.1"]);
});

test("X-Forwarded-For counts only when the proxy is trusted", async () => {
  const seen: string[] = [];
  const authenticate: HttpAppOptions["authenticate"] = async (_token, ip) => {
    seen.push(ip);
    return accept(ALICE);
  };
  const handlers: Handlers = {
    "changes.list": async ({ actor }) => accept({ items: [], nextCursor: actor.ipAddress ?? null }),
  };
  const plain = await serve(handlers, { authenticate });
  const trusting = await serve(handlers, { authenticate, trustProxy: true });
  const headers = { "x-forwarded-for": "203.0.113.9" };
  expect(await (await plain.send("GET", "/api/changes", undefined, headers)).json()).toMatchObject({
    nextCursor: "127.0.0.1",
  });
  expect(await (await trusting.send("GET", "/api/changes", undefined, headers)).json()).toMatchObject({
    nextCursor: "203.0.113.9",
  });
  expect(seen).toEqual(["127.0.0.1", "203.0.113.9"]);
});

test("whoever asks too often is told when to come back; others are not held up", async () => {
  const { handlers } = recordingHandlers();
  const { send, url } = await serve(
    { ...handlers, "links.exchange": async () => refuse("LINK_INVALID", "Used.", "Ask.") },
    {
      limits: { perMinute: 3, exchangesPerMinute: 2, refusedTokensPerMinute: 2 },
      authenticate: async (token) =>
        token.startsWith("good") ? accept(ALICE) : refuse("TOKEN_INVALID", "No.", "Sign in."),
    },
  );
  const statuses = async (count: number, ask: () => Promise<Response>) => {
    const all: number[] = [];
    for (let index = 0; index < count; index++) all.push((await ask()).status);
    return all;
  };
  expect(await statuses(4, () => send("GET", "/api/changes"))).toEqual([200, 200, 200, 429]);
  const limited = await send("GET", "/api/changes");
  expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await limited.json()).toMatchObject({ code: "RATE_LIMITED", status: 429 });
  expect((await send("GET", "/api/changes", undefined, { authorization: "Bearer good2" })).status).toBe(200);
  const exchange = () =>
    fetch(`${url}/api/links/exchange`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"code":"0123456789"}',
    });
  expect(await statuses(3, exchange)).toEqual([401, 401, 429]);
  let guess = 0;
  const guessing = () => send("GET", "/api/changes", undefined, { authorization: `Bearer bad${++guess}` });
  expect(await statuses(4, guessing)).toEqual([401, 401, 429, 429]);
  expect((await send("GET", "/api/changes", undefined, { authorization: "Bearer good3" })).status).toBe(200);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test("health is always said, readiness with what was looked at", async () => {
  let ready: HttpAppOptions["ready"] = async () => ({ ok: true, checks: { store: "ok" } });
  const { url, errors } = await serve({}, { ready: () => ready() });
  const ask = async (path: string) => {
    const response = await fetch(url + path);
    return [response.status, await response.json()];
  };
  expect(await ask("/healthz")).toEqual([200, { status: "ok", checks: {} }]);
  expect(await ask("/readyz")).toEqual([200, { status: "ok", checks: { store: "ok" } }]);
  ready = async () => ({ ok: false, checks: { store: "does not answer" } });
  expect(await ask("/readyz")).toEqual([503, { status: "unavailable", checks: { store: "does not answer" } }]);
  ready = async () => Promise.reject(new Error("password=hunter2"));
  const [status, body] = await ask("/readyz");
  expect(status).toBe(503);
  expect(JSON.stringify(body)).not.toContain("hunter2");
  expect(errors).toHaveLength(1);
});

test("while the store is away whoever asks is told to come back; it is no bug", async () => {
  const { send, errors } = await serve({
    "changes.get": async () => Promise.reject(Object.assign(new Error("connect 10.0.0.7"), { code: "ECONNREFUSED" })),
    "changes.create": async () => Promise.reject(new Error("Connection terminated unexpectedly")),
  });
  for (const answer of [await send("GET", "/api/changes/CHG-1"), await send("POST", "/api/changes", { fields: {} })]) {
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({
      code: "STORE_UNAVAILABLE",
      hint: expect.stringContaining("Idempotency-Key"),
    });
    expect(text).not.toContain("10.0.0.7");
  }
  expect(errors).toEqual([]);
});

test("/metrics holds the given registry and counts requests by route, not by address", async () => {
  const { handlers } = recordingHandlers();
  const metrics = new Registry();
  const { send, url } = await serve(handlers, { metrics });
  for (const id of ["CHG-1", "CHG-2", "CHG-3"]) await send("GET", `/api/changes/${id}`);
  await send("GET", "/api/nowhere/else");
  const text = await (await fetch(`${url}/metrics`)).text();
  expect(text).toContain('http_requests_total{method="GET",route="/api/changes/:id",status="200"} 1');
  expect(text).toContain('http_requests_total{method="GET",route="/api/changes/:id",status="404"} 2');
  expect(text).toContain('http_requests_total{method="GET",route="none",status="404"} 1');
  expect(text).toContain('http_request_duration_seconds_count{method="GET",route="/api/changes/:id"} 3');
  expect(text).not.toContain("CHG-");
});

test("every answer has a request id: the sender's if well-formed, else a fresh one", async () => {
  const { url } = await serve({});
  const idFor = async (id: string) =>
    (await fetch(`${url}/healthz`, { headers: { "x-request-id": id } })).headers.get("x-request-id");
  expect(await idFor("trace-1.a_B")).toBe("trace-1.a_B");
  expect(await idFor("a b<script>")).toMatch(/^[0-9a-f-]{36}$/);
});

test("what is not HTTP at all is answered with a problem too", async () => {
  const { app } = await serve({});
  const { port } = app.server.address() as { port: number };
  const raw = (text: string) =>
    new Promise<string>((resolve, reject) => {
      let answer = "";
      const socket = connect(port, "127.0.0.1", () => socket.write(text));
      socket.on("data", (piece) => {
        answer += piece;
      });
      socket.on("close", () => resolve(answer));
      socket.on("error", reject);
    });
  expect(await raw("NONSENSE\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"REQUEST_MALFORMED"/);
  const huge = `GET / HTTP/1.1\r\nhost: x\r\nx-big: ${"x".repeat(40_000)}\r\n\r\n`;
  expect(await raw(huge)).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"HEADERS_TOO_LARGE"/);
});
