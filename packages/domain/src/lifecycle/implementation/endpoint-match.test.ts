import { expect, test } from "vitest";
import { matchCalls } from "./endpoint-match.ts";

const split = (path: string) => path.split("/").filter((segment) => segment !== "");
const route = (line: string) => {
  const [method = "", path = ""] = line.split(" ");
  return { line, method, segments: split(path) };
};
const call = (line: string, { behind = false, client = "a" } = {}) => ({ ...route(line), behind, client });

function said(routes: readonly string[], calls: readonly ReturnType<typeof call>[]) {
  return [...matchCalls(routes.map(route), calls)].map(([{ line }, match]) => {
    if ("to" in match) return `${line} -> ${match.to.line}`;
    if ("elsewhere" in match) return `${line} elsewhere`;
    return `${line} none, but ${match.none.otherMethods.map(({ method }) => method).join(" ") || "nothing"}`;
  });
}

const ROUTES = ["GET /api/users/{}", "GET /api/users/me", "POST /api/users", "* /api/any", "GET /api/users/{}/x"];

test("a call goes to the route spelled most alike, by its method", () => {
  const calls = ["GET /api/users/me", "GET /api/users/{}", "DELETE /api/any", "HEAD /api/users/me"].map((line) =>
    call(line),
  );
  expect(said(ROUTES, calls)).toEqual([
    "GET /api/users/me -> GET /api/users/me",
    "GET /api/users/{} -> GET /api/users/{}",
    "DELETE /api/any -> * /api/any",
    "HEAD /api/users/me -> GET /api/users/me",
  ]);
});

test("a call without a route is told from one that another method answers", () => {
  expect(said(ROUTES, [call("PUT /api/users"), call("GET /api/users/{}/y")])).toEqual([
    "PUT /api/users none, but POST",
    "GET /api/users/{}/y none, but nothing",
  ]);
});

test("behind an unknown address the prefix is the one under which most calls have a route", () => {
  const behind = { behind: true };
  const calls = [
    call("GET /users/{}", behind),
    call("POST /users", behind),
    call("GET /any/y", behind),
    call("GET /api/any"),
  ];
  expect(said(ROUTES, calls)).toEqual([
    "GET /users/{} -> GET /api/users/{}",
    "POST /users -> POST /api/users",
    "GET /any/y none, but nothing",
    "GET /api/any -> * /api/any",
  ]);
});

test("a client of something else is left alone, and one whose paths begin as routes do is not", () => {
  expect(
    said(ROUTES, [call("GET /v1/charges", { client: "pay" }), call("GET /api/orders", { client: "raw" })]),
  ).toEqual(["GET /v1/charges elsewhere", "GET /api/orders none, but nothing"]);
});
