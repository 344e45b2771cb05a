import type { Problem } from "@change-mgmt/api/problem.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { recordingHandlers, type StartedHttp, startHttp } from "./testing.ts";

const { handlers, calls } = recordingHandlers();
let http: StartedHttp;
beforeAll(async () => {
  http = await startHttp(handlers, { limits: { bodyBytes: 10_000 }, pages: false });
});
afterAll(() => http.app.close());
beforeEach(() => {
  calls.length = 0;
});

/** Sends it, checks that it is a problem document that no handler saw, and gives it back. */
async function refused(status: number, method: string, path: string, body?: unknown, headers?: Record<string, string>) {
  const response = await http.send(method, path, body, headers);
  const problem = (await response.json()) as Problem;
  expect(response.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
  expect({ status: response.status, code: problem.code }).toMatchObject({ status });
  expect(problem).toMatchObject({
    status,
    type: `/docs/errors#${problem.code}`,
    title: expect.stringMatching(/^[A-Z]/),
    detail: expect.stringMatching(/\.$/),
    hint: expect.stringMatching(/\S/),
  });
  expect(calls).toEqual([]);
  return problem;
}

const listed = (problem: Problem) => (problem.problems ?? []).map(({ code, place }) => [code, place?.pointer]);

test("all problems of a body are named at once, each with its pointer", async () => {
  const body = {
    fields: "text",
    submit: "yes",
    proces: "itil",
    artifacts: [{ kind: "migration", id: "Not Good", up: "", down: null, "a/b~c": 1 }, { kind: "magic" }],
  };
  const problem = await refused(422, "POST", "/api/changes", body);
  expect(problem.code).toBe("INPUT_INVALID");
  expect(listed(problem).sort()).toEqual(
    [
      ["WRONG_TYPE", "/fields"],
      ["WRONG_TYPE", "/submit"],
      ["UNKNOWN_MEMBER", "/proces"],
      ["BAD_FORMAT", "/artifacts/0/id"],
      ["MISSING", "/artifacts/0/name"],
      ["TOO_SMALL", "/artifacts/0/up"],
      ["UNKNOWN_MEMBER", "/artifacts/0/a~1b~0c"],
      ["NOT_ONE_OF", "/artifacts/1/kind"],
    ].sort(),
  );
  const hints = Object.fromEntries((problem.problems ?? []).map(({ place, hint }) => [place?.pointer, hint]));
  expect(hints["/proces"]).toBe('Did you mean "process"?');
  expect(hints["/artifacts/1/kind"]).toBe("One of: migration, external, manual.");
  expect(problem.place).toEqual(problem.problems?.[0]?.place);
});

test("path, query, headers and body are looked at together", async () => {
  const long = "x".repeat(101);
  const problem = await refused(
    422,
    "PATCH",
    `/api/changes/${long}?dry=1`,
    { assigne: "bob" },
    { "if-match": "latest" },
  );
  expect(listed(problem)).toEqual([
    ["TOO_LARGE", "/params/id"],
    ["UNKNOWN_MEMBER", "/query/dry"],
    ["UNKNOWN_MEMBER", "/assigne"],
    ["BAD_HEADER", "/headers/if-match"],
  ]);
});

test.each([
  ["limit=0", "TOO_SMALL", "/query/limit"],
  ["limit=201", "TOO_LARGE", "/query/limit"],
  ["limit=many", "WRONG_TYPE", "/query/limit"],
  ["limit=1.5", "WRONG_TYPE", "/query/limit"],
  ["limit=1&limit=2", "WRONG_TYPE", "/query/limit"],
  ["active=perhaps", "NOT_ONE_OF", "/query/active"],
  ["lmit=10", "UNKNOWN_MEMBER", "/query/lmit"],
  ["team=%00", "TEXT_INVALID", "/query/team"],
])("the query ?%s is refused as %s at %s", async (query, code, pointer) => {
  expect(listed(await refused(422, "GET", `/api/changes?${query}`))).toEqual([[code, pointer]]);
});

test("a missing body is read as one without members, so that each missing one is named", async () => {
  expect(listed(await refused(422, "POST", "/api/changes"))).toEqual([["MISSING", "/fields"]]);
  expect(listed(await refused(422, "POST", "/api/changes", ""))).toEqual([["MISSING", "/fields"]]);
});

test.each([["[]"], ["null"], ["7"], ['"text"']])("a body %s that is no object is refused", async (body) => {
  const problem = await refused(422, "POST", "/api/changes", body);
  expect(problem.code).toBe("INPUT_INVALID");
});

test("a body where none is taken is refused", async () => {
  const response = await http.send("DELETE", "/api/changes/CHG-1", { really: true });
  expect(response.status).toBe(405);
});

test("null is not the same as no body", async () => {
  expect(await refused(422, "PATCH", "/api/changes/CHG-1", "null")).toMatchObject({ code: "INPUT_INVALID" });
  expect((await http.send("PATCH", "/api/changes/CHG-1", undefined, { "if-match": "7" })).status).toBe(200);
});

test("broken JSON is refused with the place where it breaks", async () => {
  const problem = await refused(400, "POST", "/api/changes", '{\n  "fields": {},\n}');
  expect(problem.code).toBe("JSON_INVALID");
  expect(problem.place).toEqual({ line: 3, column: 1 });
});

test.each([
  ["names that reach into prototypes", '{"__proto__": {"submit": true}, "fields": {}}'],
  ["members named twice, of which readers would take different ones", '{"fields": {"title": "a", "title": "b"}}'],
  ["the same by way of the constructor", '{"constructor": {"prototype": {}}, "fields": {}}'],
])("%s are refused", async (_name, body) => {
  expect((await refused(400, "POST", "/api/changes", body)).code).toBe("JSON_INVALID");
});

test("text that is not UTF-8 is refused", async () => {
  const response = await fetch(`${http.url}/api/changes`, {
    method: "POST",
    headers: { authorization: "Bearer good", "content-type": "application/json" },
    body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: "JSON_INVALID" });
});

test("text that cannot be stored is refused where it stands, in names as in values", async () => {
  const body = '{"fields": {"title": "a\\u0000b", "deep": [{"x": "\\ud800"}], "bad\\u0000name": 1}}';
  expect(listed(await refused(422, "POST", "/api/changes", body))).toEqual([
    ["TEXT_INVALID", "/fields/title"],
    ["TEXT_INVALID", "/fields/deep/0/x"],
    ["TEXT_INVALID", "/fields"],
  ]);
});

test("nesting without end is refused instead of exhausting the server", async () => {
  const body = `{"fields": {"a": ${"[".repeat(4000)}${"]".repeat(4000)}}}`;
  const problem = await refused(422, "POST", "/api/changes", body);
  expect(listed(problem).map(([code]) => code)).toEqual(["TOO_DEEP"]);
});

test("another content type is refused with 415, a larger body with 413", async () => {
  const form = await refused(415, "POST", "/api/changes", "fields=1", {
    "content-type": "application/x-www-form-urlencoded",
  });
  expect(form.code).toBe("MEDIA_TYPE_UNSUPPORTED");
  const large = await refused(413, "POST", "/api/changes", { fields: { text: "x".repeat(10_001) } });
  expect(large.code).toBe("TOO_LARGE");
});

test("an unknown address is 404, a known one under another method 405 with Allow", async () => {
  expect((await refused(404, "GET", "/api/chnges")).code).toBe("NOT_FOUND");
  expect((await refused(404, "POST", "/api/changes/CHG-1/cancel", {})).code).toBe("NOT_FOUND");
  const response = await http.send("PUT", "/api/changes/CHG-1", {});
  expect(response.status).toBe(405);
  expect(response.headers.get("allow")).toBe("GET, HEAD, PATCH");
  expect(await response.json()).toMatchObject({ code: "METHOD_NOT_ALLOWED" });
});

test("an address that is not percent-encoded text is refused", async () => {
  expect((await refused(400, "GET", "/api/changes/%E0%A4%A")).code).toBe("URL_INVALID");
});

test.each([["7"], ['"7"']])("If-Match: %s is version 7", async (header) => {
  const response = await http.send("PATCH", "/api/changes/CHG-1", {}, { "if-match": header });
  expect(response.status).toBe(200);
  expect(response.headers.get("etag")).toBe('"8"');
});

test.each([["*"], ['W/"7"'], ["seven"], ['"7", "8"'], ["-1"]])("If-Match: %s is refused", async (header) => {
  const problem = await refused(422, "PATCH", "/api/changes/CHG-1", {}, { "if-match": header });
  expect(listed(problem)).toEqual([["BAD_HEADER", "/headers/if-match"]]);
});

test("a stale version is 412 and says the newer one", async () => {
  const problem = await refused(412, "PATCH", "/api/changes/CHG-1", {}, { "if-match": '"6"' });
  expect(problem).toMatchObject({ code: "STALE_VERSION", details: { version: 7 } });
});

test("an Idempotency-Key reaches the handler as it is; none is passed as none", async () => {
  const body = { fields: { title: "x" } };
  await http.send("POST", "/api/changes", body, { "idempotency-key": "k".repeat(200) });
  await http.send("POST", "/api/changes", body);
  expect(calls.map(({ idempotencyKey }) => idempotencyKey)).toEqual(["k".repeat(200), undefined]);
});

test.each([["k".repeat(201)], ["with space"], [""]])("an Idempotency-Key %j is refused", async (key) => {
  const problem = await refused(422, "POST", "/api/changes", { fields: {} }, { "idempotency-key": key });
  expect(listed(problem)).toEqual([["BAD_HEADER", "/headers/idempotency-key"]]);
});
