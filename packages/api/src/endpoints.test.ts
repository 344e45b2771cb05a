import { expect, test } from "vitest";
import { type Endpoint, endpoints } from "./endpoints.ts";

const all: [string, Endpoint][] = Object.entries(endpoints);

test("no two endpoints share method and path", () => {
  const places = all.map(([, { method, path }]) => `${method} ${path.replace(/:\w+/g, ":")}`);
  expect(new Set(places).size).toBe(places.length);
});

test.each(all)("%s: the parameters of the path are exactly those of its schema", (_name, { path, params }) => {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
  expect(Object.keys(params?.shape ?? {}).sort()).toEqual(inPath.sort());
});

test.each(all)("%s: it has what its method and its kind of answer need", (_name, endpoint) => {
  expect(endpoint.summary).toMatch(/^[A-Z].*[^.]$/);
  expect(endpoint.response === "stream").toBe(endpoint.contentType !== undefined);
  if (endpoint.method === "GET") expect(endpoint.body).toBeUndefined();
  if (endpoint.method === "PUT" || endpoint.method === "PATCH") expect(endpoint.body).toBeDefined();
});

test("only health and what belongs to signing in are open to everybody", () => {
  expect(all.filter(([, { open }]) => open).map(([name]) => name)).toEqual([
    "links.exchange",
    "session.begin",
    "session.end",
    "password.set",
    "sample.get",
    "sample.signIn",
    "health",
    "ready",
  ]);
});

test("the operations of the specification are there as written", () => {
  const served = new Set(all.map(([, { method, path }]) => `${method} ${path}`));
  for (const operation of [
    "POST /api/changes",
    "GET /api/changes",
    "GET /api/changes/:id",
    "PUT /api/changes/:id/status",
    "POST /api/changes/:id/steps/:stepId",
    "GET /api/changes/:id/validation",
    "POST /api/changes/:id/approve",
    "POST /api/changes/:id/deploy",
    "POST /api/changes/:id/rollback",
  ]) {
    expect(served).toContain(operation);
  }
});
