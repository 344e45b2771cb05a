import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Client, type ClientOptions, createClient, ProblemError } from "./client.ts";

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage["headers"];
  body: string;
}

let server: Server;
let baseUrl: string;
let seen: Seen[];
let answer: { status: number; type: string; body: string };

beforeEach(async () => {
  seen = [];
  answer = { status: 200, type: "application/json", body: "{}" };
  server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    response.writeHead(answer.status, { "content-type": answer.type }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

function aClient(options: Partial<ClientOptions> = {}): Client {
  let keys = 0;
  return createClient({ baseUrl, token: "t0ken", newKey: () => `key-${++keys}`, ...options });
}

test("a GET fills path and query, leaves out what is undefined, and sends its token", async () => {
  answer.body = '{"items":[],"nextCursor":null}';
  const page = await aClient()("changes.comments", {
    params: { id: "a/b c?#" },
    query: { cursor: "x&y=z", limit: undefined },
  });
  expect(page).toEqual({ items: [], nextCursor: null });
  expect(seen[0]).toMatchObject({
    method: "GET",
    url: "/api/changes/a%2Fb%20c%3F%23/comments?cursor=x%26y%3Dz",
    body: "",
  });
  expect(seen[0]?.headers).toMatchObject({ authorization: "Bearer t0ken", accept: "application/json" });
  expect(seen[0]?.headers).not.toHaveProperty("idempotency-key");
  expect(seen[0]?.headers).not.toHaveProperty("content-type");
});

test("each POST has a fresh key unless one is given, so that a repeated call can keep its own", async () => {
  const client = aClient();
  const call = { params: { id: "CHG-1" }, body: { text: "hi" } };
  await client("changes.comment", call);
  await client("changes.comment", call);
  await client("changes.comment", { ...call, idempotencyKey: "mine" });
  expect(seen.map(({ headers }) => headers["idempotency-key"])).toEqual(["key-1", "key-2", "mine"]);
  expect(seen[0]).toMatchObject({ method: "POST", body: '{"text":"hi"}' });
  expect(seen[0]?.headers["content-type"]).toBe("application/json");
});

test("the version that was read goes as If-Match", async () => {
  await aClient()("changes.edit", { params: { id: "CHG-1" }, body: { assignee: null }, ifMatch: 7 });
  expect(seen[0]).toMatchObject({ method: "PATCH", body: '{"assignee":null}', headers: { "if-match": '"7"' } });
});

test("without a token none is sent, and a base address may end in a slash", async () => {
  await createClient({ baseUrl: `${baseUrl}/`, newKey: () => "k" })("health");
  expect(seen[0]?.url).toBe("/healthz");
  expect(seen[0]?.headers).not.toHaveProperty("authorization");
});

test("a stream is handed over as it comes", async () => {
  answer = { status: 200, type: "application/jsonl", body: '{"seq":1}\n' };
  const response = await aClient()("audit.export");
  expect(await response.text()).toBe('{"seq":1}\n');
  expect(seen[0]?.headers.accept).toBe("application/jsonl");
});

test("a refusal is thrown as ProblemError with the whole problem", async () => {
  const problem = {
    type: "/docs/errors#STALE_VERSION",
    title: "Stale version",
    status: 412,
    code: "STALE_VERSION",
    detail: "The change is at version 8 now.",
    hint: "Read it again.",
    details: { version: 8 },
  };
  answer = { status: 412, type: "application/problem+json", body: JSON.stringify(problem) };
  const error = await aClient()("changes.get", { params: { id: "CHG-1" } }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ProblemError);
  expect(error).toMatchObject({ message: problem.detail, problem });
});

test.each([
  ["a proxy's page", "<html>Bad gateway</html>"],
  ["nothing", ""],
  ["other JSON", '{"error":"no"}'],
])("an error that comes with %s is still a ProblemError", async (_name, body) => {
  answer = { status: 502, type: "text/html", body };
  await expect(aClient()("me")).rejects.toMatchObject({
    name: "ProblemError",
    problem: { status: 502, code: "UNEXPECTED_ANSWER" },
  });
});

test("a call can be broken off", async () => {
  const over = new AbortController();
  over.abort();
  await expect(aClient()("me", { signal: over.signal })).rejects.toMatchObject({ name: "AbortError" });
  expect(seen).toEqual([]);
});

test("the fetch that is given is the one that is used", async () => {
  const asked: string[] = [];
  const client = aClient({
    fetch: async (input) => {
      asked.push(String(input));
      return Response.json({ items: [] });
    },
  });
  await client("processes.list");
  expect(asked).toEqual([`${baseUrl}/api/processes`]);
  expect(seen).toEqual([]);
});
