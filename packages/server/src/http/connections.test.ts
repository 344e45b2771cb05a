import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { SECURITY_HEADERS } from "./security-headers.ts";
import { recordingHandlers, type StartedHttp, startHttp } from "./testing.ts";

let started: StartedHttp;
afterEach(() => started.app.close());

const headersOf = (response: { headers: Headers }) =>
  Object.fromEntries(Object.keys(SECURITY_HEADERS).map((name) => [name, response.headers.get(name)]));

/** Everything that comes back on a connection of its own for bytes that are sent as they are. */
async function answerTo(bytes: string): Promise<string> {
  const { port } = new URL(started.url);
  const socket = connect(Number(port), "127.0.0.1");
  let text = "";
  socket.on("data", (piece) => {
    text += piece;
  });
  socket.write(bytes);
  await once(socket, "close");
  return text;
}

test("the same security headers go with every answer, to what is no address, no request and no route as well", async () => {
  started = await startHttp(recordingHandlers().handlers);
  for (const path of [
    "/api/changes",
    "/api/nothing",
    "/api/changes%",
    "/healthz",
    "/metrics",
    "/api/openapi.json",
    "/api/changes/x%ff",
  ])
    expect([path, headersOf(await started.send("GET", path))]).toEqual([path, SECURITY_HEADERS]);
  for (const [bytes, status] of [
    ["NO REQUEST\r\n\r\n", 400],
    ["GET /api/changes HTTP/1.1\r\nconnection: close\r\n\r\n", 400],
    ["GET /api/changes HTTP/1.1\r\nhost: x\r\nexpect: wonders\r\nconnection: close\r\n\r\n", 401],
    [`GET /${"x".repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431],
  ] as const) {
    const raw = await answerTo(bytes);
    expect(raw).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(raw).toContain("\r\ncontent-type: application/problem+json");
    for (const [name, value] of Object.entries(SECURITY_HEADERS))
      expect(raw.toLowerCase()).toContain(`\r\n${name}: ${value.toLowerCase()}\r\n`);
  }
});

test("nobody holds a connection for ever: headers, whole requests and silence have an end", async () => {
  started = await startHttp(recordingHandlers().handlers);
  const { headersTimeout, requestTimeout, timeout } = started.app.server;
  expect({ headersTimeout, requestTimeout, timeout }).toEqual({
    headersTimeout: 30_000,
    requestTimeout: 300_000,
    timeout: 300_000,
  });
});

test("a request that does not arrive whole in time is answered so", async () => {
  started = await startHttp(recordingHandlers().handlers, { limits: { headersMs: 20, requestMs: 20, checkMs: 20 } });
  const answer = await answerTo("POST /api/changes HTTP/1.1\r\nhost: x\r\n");
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")))).toMatchObject({ status: 408, code: "REQUEST_TIMEOUT" });
});
