import { type Endpoint, type EndpointName, endpoints } from "@change-mgmt/api/endpoints.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Handlers } from "../commands/handler.ts";
import { type StartedHttp, startHttp } from "./testing.ts";

// biome-ignore lint/suspicious/noExplicitAny: a document is looked into freely here.
type Json = Record<string, any>;

const never = async () => Promise.reject(new Error("not called here"));
const all = Object.fromEntries(Object.keys(endpoints).map((name) => [name, never])) as Handlers;

let http: StartedHttp;
let document: Json;
let operations: Map<string, Json>;
beforeAll(async () => {
  http = await startHttp(all, { pages: false });
  document = (await (await fetch(`${http.url}/api/openapi.json`)).json()) as Json;
  operations = operationsOf(document);
});
afterAll(() => http.app.close());

function operationsOf({ paths }: Json): Map<string, Json> {
  return new Map(
    Object.entries(paths as Json).flatMap(([path, item]) =>
      Object.entries(item as Json).map(([method, operation]) => [
        operation.operationId as string,
        { ...operation, method: method.toUpperCase(), path },
      ]),
    ),
  );
}

function* nodes(part: unknown): Generator<Json> {
  if (typeof part !== "object" || part === null) return;
  if (!Array.isArray(part)) yield part;
  for (const child of Object.values(part)) yield* nodes(child);
}

test("it is OpenAPI 3.1 of this version, with bearer tokens and session cookies", () => {
  expect(document).toMatchObject({
    openapi: "3.1.0",
    info: { title: "change-mgmt", version: "1.2.3", license: { identifier: "Apache-2.0" } },
    components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
    security: [{ bearer: [] }, { session: [] }],
  });
});

test("every endpoint is in it under its method, path and tag, and nothing else", () => {
  const expected = Object.entries(endpoints).map(([name, { method, path, tag }]) => [
    name,
    method,
    path.replace(/:([A-Za-z]+)/g, "{$1}"),
    [tag],
  ]);
  const found = [...operations].map(([name, { method, path, tags }]) => [name, method, path, tags]);
  expect(found.sort()).toEqual(expected.sort());
});

test("an endpoint without a handler is left out", async () => {
  const { app, url } = await startHttp({ "changes.list": never, me: never }, { pages: false });
  const partial = (await (await fetch(`${url}/api/openapi.json`)).json()) as Json;
  await app.close();
  expect([...operationsOf(partial).keys()].sort()).toEqual(["changes.list", "health", "me", "ready"]);
  expect(Object.keys(partial.components.schemas)).not.toContain("Deployment");
});

test("every reference leads somewhere and every component is referred to", () => {
  const references = new Set<string>();
  for (const node of nodes(document)) if (typeof node.$ref === "string") references.add(node.$ref);
  const components = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
  expect([...references].sort()).toEqual(components.sort());
});

test("path parameters are declared, required and the same as in the path", () => {
  for (const [name, { path, parameters = [] }] of operations) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
    const declared = parameters.filter((parameter: Json) => parameter.in === "path");
    expect([name, declared.map((parameter: Json) => parameter.name).sort()]).toEqual([name, inPath.sort()]);
    expect(declared.every((parameter: Json) => parameter.required)).toBe(true);
  }
});

test("every signed-in operation says its problems, open ones that they need no token", () => {
  for (const [name, { responses, security }] of operations) {
    const endpoint: Endpoint = endpoints[name as EndpointName];
    const success = String(endpoint.status ?? 200);
    expect([name, Object.keys(responses)]).toEqual([name, expect.arrayContaining([success])]);
    if (endpoint.open) {
      expect([name, security]).toEqual([name, []]);
      continue;
    }
    expect([name, security]).toEqual([name, undefined]);
    for (const status of ["400", "401", "403", "404", "409", "412", "422", "429"]) {
      const schema = responses[status]?.content["application/problem+json"].schema;
      expect([name, status, schema]).toEqual([name, status, { $ref: "#/components/schemas/Problem" }]);
    }
  }
  expect(Object.keys(operations.get("ready")?.responses)).toEqual(["200", "503"]);
});

test("no number that is taken is larger than what an integer of the store holds", () => {
  const numbers: [string, unknown][] = [];
  const visit = (at: string, node: Json | null) => {
    if (typeof node !== "object" || node === null) return;
    if (node.type === "integer") numbers.push([at, node.maximum]);
    if (typeof node.$ref === "string") visit(at, document.components.schemas[node.$ref.split("/").at(-1)!]);
    for (const [key, one] of Object.entries(node)) visit(`${at}/${key}`, one as Json);
  };
  for (const [name, { requestBody, parameters }] of operations) visit(name, { requestBody, parameters });
  expect(numbers.length).toBeGreaterThan(5);
  for (const [at, maximum] of numbers) expect([at, Number(maximum) <= 2 ** 31 - 1]).toEqual([at, true]);
});

test("a body may be left out where an empty one is enough, and nowhere else", () => {
  const required = (name: EndpointName) => operations.get(name)?.requestBody.required;
  expect([required("changes.submit"), required("changes.close"), required("changes.edit")]).toEqual([
    false,
    false,
    false,
  ]);
  expect([required("changes.create"), required("changes.cancel"), required("changes.attach")]).toEqual([
    true,
    true,
    true,
  ]);
});

test("headers are told where they count", () => {
  const headersOf = (name: EndpointName) =>
    (operations.get(name)?.parameters ?? []).filter((p: Json) => p.in === "header").map((p: Json) => p.name);
  expect(headersOf("changes.create")).toEqual(["Idempotency-Key"]);
  expect(headersOf("changes.submit")).toEqual(["Idempotency-Key", "If-Match"]);
  expect(headersOf("changes.edit")).toEqual(["If-Match"]);
  expect(headersOf("changes.get")).toEqual([]);
  expect(headersOf("events")).toEqual(["Last-Event-ID"]);
});

test("bytes are told as what they are, with what goes beside them", () => {
  const { requestBody, parameters } = operations.get("changes.attach")!;
  expect(requestBody.content).toEqual({
    "application/octet-stream": { schema: expect.objectContaining({ contentMediaType: "application/octet-stream" }) },
  });
  const query = parameters.filter((p: Json) => p.in === "query").map((p: Json) => [p.name, p.required]);
  expect(query).toEqual([
    ["name", true],
    ["type", false],
  ]);
});

test("streams are told with their content type", () => {
  const typesOf = (name: EndpointName) => Object.keys(operations.get(name)?.responses["200"].content);
  expect(typesOf("events")).toEqual(["text/event-stream"]);
  expect(typesOf("backup")).toEqual(["application/gzip"]);
  expect(typesOf("audit.export")).toEqual(["application/jsonl"]);
});

test("components are named; what is taken is closed, what is answered leaves room", () => {
  const { CreateChange, ChangeSummary, Explanation, ArtifactInput, Artifact } = document.components.schemas;
  expect(operations.get("changes.create")?.requestBody.content["application/json"].schema).toEqual({
    $ref: "#/components/schemas/CreateChange",
  });
  expect(CreateChange).toMatchObject({ required: ["fields"], additionalProperties: false });
  expect(ChangeSummary).not.toHaveProperty("additionalProperties");
  expect(ArtifactInput.oneOf[0].required).not.toContain("transactional");
  expect(Artifact.oneOf[0].required).toContain("transactional");
  expect(Explanation.properties.children).toEqual({
    type: "array",
    items: { $ref: "#/components/schemas/Explanation" },
  });
});

test("the readable page needs nothing from elsewhere", async () => {
  const page = await fetch(`${http.url}/api/docs`);
  const html = await page.text();
  expect(page.status).toBe(200);
  expect(html).toContain("/api/openapi.json");
  expect(html).not.toMatch(/(?:src|href|url\()\s*=?\s*["']?https?:/);
  const policy = page.headers.get("content-security-policy")!;
  expect(policy).toMatch(/script-src 'self' 'sha256-[^']+'(;|$)/);
  const script = await fetch(new URL(/src="([^"]+)"/.exec(html)![1]!, page.url));
  expect(script.headers.get("content-type")).toContain("javascript");
  expect((await script.text()).length).toBeGreaterThan(100_000);
});
