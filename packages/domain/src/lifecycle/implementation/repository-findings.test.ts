import { expect, test } from "vitest";
import { type BackendMethod, judgeEndpoints, judgeMethods, routeText } from "./repository-findings.ts";

const place = { file: "a.ts", line: 1, column: 1 };
const cell = (fields: Partial<BackendMethod>): BackendMethod => ({
  interface: "OrderRepository",
  method: "find",
  backend: "supabase",
  state: "missing",
  place,
  why: null,
  implementation: "SupabaseOrders",
  ...fields,
});

test("each state of a method has its words", () => {
  const findings = judgeMethods([
    cell({ state: "real" }),
    cell({ why: "there is no such member" }),
    cell({ implementation: null }),
    cell({ state: "stub", why: "it throws" }),
    cell({ state: "unknown" }),
  ]);
  expect(findings.map(({ rule, severity, message, hint }) => [rule, severity, message, hint.split(",")[0]])).toEqual([
    [
      "method-missing",
      "error",
      "OrderRepository.find is missing in supabase: there is no such member.",
      "Add it to SupabaseOrders.",
    ],
    [
      "method-missing",
      "error",
      "OrderRepository.find is missing in supabase.",
      "Implement OrderRepository for supabase.",
    ],
    ["method-stub", "error", "OrderRepository.find is a stub in supabase: it throws.", "Write it"],
    ["method-unknown", "info", "Whether supabase has OrderRepository.find cannot be told.", "Look at it yourself."],
  ]);
  expect(findings[0]!.subject).toEqual({ backend: "supabase", interface: "OrderRepository", method: "find" });
});

let line = 0;
const route = (text: string, at = ++line) => ({
  method: text.split(" ")[0]!,
  segments: text
    .split("/")
    .slice(1)
    .filter((part) => part !== ""),
  place: { file: "server.ts", line: at, column: 1 },
});
const call = (text: string, wrapped = true) => ({
  ...route(text),
  behind: false,
  client: "client",
  by: wrapped ? "Client.call" : "page",
  wrapped,
});
const judged = (
  routes: readonly ReturnType<typeof route>[],
  calls: readonly ReturnType<typeof call>[],
  internal: string[] = [],
) => judgeEndpoints(routes, calls, internal).findings.map(({ rule, message, hint }) => `${rule}: ${message} ${hint}`);

test("routes and calls that meet leave nothing to say", () => {
  expect(judged([route("GET /a/{}"), route("GET /health")], [call("GET /a/{}")])).toEqual([]);
  expect(judged([], [call("GET /a")])).toEqual([]);
  expect(judged([route("GET /a")], [])).toEqual([]);
});

test("a call without a route and a route without a client are found, each with what to do", () => {
  expect(judged([route("GET /a"), route("* /b")], [call("GET /a"), call("POST /a"), call("GET /a/c")])).toEqual([
    "call-without-route: Client.call calls POST /a, which no route answers. That path is answered for GET only.",
    "call-without-route: Client.call calls GET /a/c, which no route answers. Add the route, or correct the call.",
    "route-without-client: No client has a method for ANY /b. Add a method to the client, take the route away, or name it in validate.internalRoutes of change-mgmt.yaml.",
  ]);
});

test("a bare fetch is no client's method where there is a client, and counts where nobody has one", () => {
  const routes = [route("GET /a"), route("GET /b")];
  expect(judged(routes, [call("GET /a"), call("GET /b", false)])).toEqual([
    "route-without-client: No client has a method for GET /b. page in server.ts calls it by a bare fetch: add a method to the client and call that.",
  ]);
  expect(judged(routes, [call("GET /a", false), call("GET /b", false)])).toEqual([]);
});

test("internal routes are not asked for, by path or with their method", () => {
  const routes = [route("GET /a"), route("GET /b"), route("POST /c")];
  expect(judged(routes, [call("GET /a")], ["/b", "POST /c"])).toEqual([]);
});

test("a route with an optional parameter is one route", () => {
  const routes = [route("GET /a", 7), route("GET /a/{}", 7), route("GET /b", 8), route("GET /b/{}", 8)];
  expect(judged(routes, [call("GET /a")])).toEqual([expect.stringContaining("No client has a method for GET /b/{}")]);
  expect(routeText(routes[0]!)).toBe("GET /a");
});
